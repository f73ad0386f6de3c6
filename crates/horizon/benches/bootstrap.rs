//! CPU seconds of a bootstrap with 1,000 replicates on METR's 7,059 runs of 11 agents.
//!
//! METR's own command line (numpy, pandas, scikit-learn; two workers) needs 147.2 CPU seconds for
//! the same resamples and fits on the machine where this bench was written, imports and reading
//! included; in one process, without them, a resample takes 0.120 s. Reading the runs is not
//! counted here. Run with `cargo bench -p horizon`.

use std::time::Instant;

use horizon::{Settings, analyse};

#[allow(
    clippy::unwrap_used,
    reason = "reads test data, and ends if that is not there"
)]
#[path = "../tests/metr/mod.rs"]
mod metr;

const METR_CPU_SECONDS: f64 = 147.2;
const REPEATS: u32 = 20;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let dataset = metr::dataset();
    let settings = Settings {
        replicates: 1_000,
        ..Settings::default()
    };
    let (cpu, wall) = (cpu_seconds()?, Instant::now());
    for _ in 0..REPEATS {
        std::hint::black_box(analyse(&dataset, &settings)?);
    }
    let repeats = f64::from(REPEATS);
    let cpu = (cpu_seconds()? - cpu) / repeats;
    let wall = wall.elapsed().as_secs_f64() / repeats;
    println!("1,000 replicates, 7,059 runs, 11 agents, fits and intervals included");
    println!("CPU {cpu:.4} s, wall {wall:.4} s, mean of {REPEATS}");
    println!(
        "METR's Python {METR_CPU_SECONDS} CPU s: {:.0} times as much",
        METR_CPU_SECONDS / cpu
    );
    Ok(())
}

/// CPU time of all threads of this process so far, from Linux's accounts.
fn cpu_seconds() -> Result<f64, Box<dyn std::error::Error>> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The second field, the program's name, may contain spaces and ends with the last bracket;
    // user and system time are the 14th and 15th fields, in hundredths of a second.
    let fields = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace();
    let mut ticks = 0.0;
    for field in fields.skip(11).take(2) {
        ticks += field.parse::<f64>()?;
    }
    Ok(ticks / 100.0)
}
