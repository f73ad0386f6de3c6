//! Measures what the processes of a room use together, by reading the room's `/proc`.
//!
//! This works on every machine that has namespaces, where control groups are often not writable.
//! Between two looks a job can overshoot; resource limits on each process bound by how much.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::time::Duration;

/// `/proc` counts processor time in hundredths of a second on every architecture
/// (`USER_HZ`, see `proc_pid_stat(5)`).
const TICK: Duration = Duration::from_millis(10);
/// Unit of `st_blocks`, see `stat(2)`.
const BLOCK_BYTES: u64 = 512;

/// What all processes but process 1 use, at one moment.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Usage {
    /// Processes and threads.
    pub(super) tasks: u32,
    /// Processor time, that of ended children included.
    pub(super) cpu: Duration,
    /// Anonymous and shared memory. Pages that processes share count once for each of them.
    pub(super) memory_bytes: u64,
}

/// Looks at every process but process 1. Processes that end meanwhile are left out.
pub(super) fn usage() -> io::Result<Usage> {
    let mut total = Usage::default();
    for pid in pids()? {
        let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) else {
            continue;
        };
        let Some(stat) = Stat::parse(&stat) else {
            continue;
        };
        total.tasks = total.tasks.saturating_add(stat.threads);
        total.cpu += stat.own + stat.children;
        if let Ok(status) = fs::read_to_string(format!("/proc/{pid}/status")) {
            total.memory_bytes += kib_fields(&status, &["RssAnon:", "RssShmem:"]);
        }
    }
    Ok(total)
}

/// Memory in use with pages that several processes share counted once: slow but fair.
///
/// Also counts files that exist in memory only (`memfd_create(2)`), which belong to no process
/// and no file system, and so escape every other account.
pub(super) fn exact_memory_bytes() -> io::Result<u64> {
    let (mut anonymous, mut shared, mut memory_files) = (0, 0, 0);
    let mut seen = HashSet::new();
    for pid in pids()? {
        if let Ok(rollup) = fs::read_to_string(format!("/proc/{pid}/smaps_rollup"))
            && rollup.contains("Pss_Anon:")
        {
            anonymous += kib_fields(&rollup, &["Pss_Anon:"]);
            shared += kib_fields(&rollup, &["Pss_Shmem:"]);
        } else if let Ok(status) = fs::read_to_string(format!("/proc/{pid}/status")) {
            anonymous += kib_fields(&status, &["RssAnon:"]);
            shared += kib_fields(&status, &["RssShmem:"]);
        }
        let Ok(descriptors) = fs::read_dir(format!("/proc/{pid}/fd")) else {
            continue;
        };
        for path in descriptors.flatten().map(|entry| entry.path()) {
            let is_memory_file = fs::read_link(&path).is_ok_and(|target| {
                target
                    .as_os_str()
                    .as_encoded_bytes()
                    .starts_with(b"/memfd:")
            });
            if is_memory_file
                && let Ok(meta) = fs::metadata(&path)
                && seen.insert((meta.dev(), meta.ino()))
            {
                memory_files += meta.blocks() * BLOCK_BYTES;
            }
        }
    }
    // A memory file that is mapped appears in both; counting the larger errs on the job's side.
    Ok(anonymous + shared.max(memory_files))
}

/// Processor time of all children that process 1 has waited for, and of their descendants.
pub(super) fn ended_children_cpu() -> Duration {
    let stat = fs::read_to_string("/proc/1/stat").unwrap_or_default();
    Stat::parse(&stat).map_or(Duration::ZERO, |stat| stat.children)
}

/// Processor time of one process and of the children it has waited for; nothing if it is gone.
pub(super) fn process_cpu(pid: u32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    Stat::parse(&stat).map_or(Duration::ZERO, |stat| stat.own + stat.children)
}

fn pids() -> io::Result<Vec<u32>> {
    let mut pids = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let name = entry?.file_name();
        pids.extend(
            name.to_str()
                .and_then(|name| name.parse::<u32>().ok())
                .filter(|&pid| pid != 1),
        );
    }
    Ok(pids)
}

/// The fields of `/proc/<pid>/stat` that matter here.
#[derive(Debug, PartialEq, Eq)]
struct Stat {
    own: Duration,
    children: Duration,
    threads: u32,
}

impl Stat {
    /// The second field, the program's name in parentheses, may itself hold blanks and
    /// parentheses, so counting starts after the last closing one, with the third field.
    fn parse(line: &str) -> Option<Self> {
        let (_, fields) = line.rsplit_once(')')?;
        let fields: Vec<&str> = fields.split_ascii_whitespace().collect();
        let field = |number: usize| fields.get(number - 3)?.parse::<u32>().ok();
        Some(Self {
            own: TICK.checked_mul(field(14)?)? + TICK.checked_mul(field(15)?)?,
            children: TICK.checked_mul(field(16)?)? + TICK.checked_mul(field(17)?)?,
            threads: field(20)?.max(1),
        })
    }
}

/// The sum of fields given in kibibytes, in bytes; absent fields count nothing.
fn kib_fields(text: &str, names: &[&str]) -> u64 {
    let fields = text.lines().filter_map(|line| {
        let value = names.iter().find_map(|name| line.strip_prefix(name))?;
        value.trim().strip_suffix(" kB")?.parse::<u64>().ok()
    });
    fields.sum::<u64>().saturating_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_a_process_with_an_awkward_name() {
        let line = "7 (a) b) S 1 7 7 0 -1 4194560 9 0 0 0 3 4 50 60 20 0 2 0 99 1 1";
        let stat = Stat::parse(line).unwrap();
        assert_eq!(stat.own, Duration::from_millis(70));
        assert_eq!(stat.children, Duration::from_millis(1100));
        assert_eq!(stat.threads, 2);
    }

    #[test]
    fn sums_only_the_named_fields() {
        let status = "VmRSS:\t    12 kB\nRssAnon:\t    10 kB\nRssShmem:\t     2 kB\n";
        assert_eq!(kib_fields(status, &["RssAnon:", "RssShmem:"]), 12 * 1024);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_text_is_survived(text in ".*") {
            let _ = Stat::parse(&text);
            let _ = kib_fields(&text, &["RssAnon:"]);
        }
    }
}
