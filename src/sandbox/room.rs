//! Builds the file system of a room: the machine's programs read-only, and nothing else of it.

use std::ffi::CString;
use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::FallocateFlags;
use rustix::mount::{
    MountFlags, MountPropagationFlags, UnmountFlags, mount, mount_bind, mount_bind_recursive,
    mount_change, mount_remount, unmount,
};

use super::copy::Ground;
use super::mountinfo;
use super::privileges::INNER_ID;
use super::spec::{Job, SeedSource};
use super::untrusted::InnerOrder;
use super::wire::{Order, Step, StepError};

/// Where the host's files are while the room is being furnished.
const HOST: &str = "/.host";
/// System directories shown read-only where the host has them.
const SYSTEM: [&str; 9] = [
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/nix/store",
    "/gnu/store",
];
/// Where distributions keep the links that choose between programs: hundreds, so it is mounted.
const ALTERNATIVES: &str = "/etc/alternatives";
/// What else of `/etc` programs need to start, find their parts and tell the time. Copied.
const ETC: [&str; 8] = [
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "localtime",
    "mime.types",
    "protocols",
    "services",
    "timezone",
];
const DEVICES: [&str; 5] = ["null", "zero", "full", "random", "urandom"];
/// The room's users; `tests` and scripts often ask for the current user's name and home.
const PASSWD: &str = "root:x:0:0:root:/nonexistent:/bin/sh\n\
    sandbox:x:1000:1000:sandbox:/tmp:/bin/sh\n\
    nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n";
const GROUP: &str = "root:x:0:\nsandbox:x:1000:\nnogroup:x:65534:\n";
const HOSTS: &str = "127.0.0.1 localhost sandbox\n::1 localhost\n";
const NSSWITCH: &str = "passwd: files\ngroup: files\nhosts: files\n";

/// Directory of the untrusted helper and its two files.
pub(super) const HELPER_DIR: &str = "/sextant";
/// The untrusted helper: this program under the name that makes it one.
pub(super) const HELPER: &str = "/sextant/sextant-untrusted";
/// What the helper is to hide and to limit, as JSON.
pub(super) const INNER_ORDER: &str = "/sextant/order.json";
/// Where the helper writes why it could not do its work.
pub(super) const FAULT: &str = "/sextant/fault";

/// Space for such a note.
const FAULT_BYTES: u64 = 4096;

/// The judge's own file systems together take at most this, and one part in so many of the room's.
const JUDGE_DISK_BYTES: u64 = 64 << 20;
const JUDGE_DISK_SHARE: u64 = 8;

const NO_DEVICES: MountFlags = MountFlags::NOSUID.union(MountFlags::NODEV);

/// Replaces this process's view of the file system by a fresh room.
pub(super) fn build(order: &Order) -> Result<(), StepError> {
    let job = &order.job;
    let private = MountPropagationFlags::PRIVATE | MountPropagationFlags::REC;
    mount_change("/", private).step(|| "make mounts private")?;
    let judge_dirs = judge_dirs(job);
    let judge_bytes = judge_disk_bytes(job) * judge_dirs.len() as u64;
    mount_disk("/tmp", job.limits.disk_bytes.saturating_sub(judge_bytes))
        .step(|| "mount the room's own file system")?;
    make_dir("/tmp/.host").step(|| "make a place for the host's files")?;
    rustix::process::pivot_root("/tmp", "/tmp/.host").step(|| "change the root")?;
    std::env::set_current_dir("/").step(|| "enter the new root")?;

    make_dir("/proc").step(|| "make /proc")?;
    mount_proc().step(|| "mount a fresh /proc (containers that mask parts of /proc forbid it)")?;
    for path in SYSTEM {
        show_system(path).step(|| format!("show the host's {path}"))?;
    }
    furnish_etc().step(|| "furnish /etc")?;
    furnish_dev().step(|| "furnish /dev")?;
    for tool in &job.tools {
        bind_read_only(&on_host(&tool.host), Path::new(&tool.inside))
            .step(|| format!("mount {} at {}", tool.host.display(), tool.inside))?;
    }

    let ground = Ground::new("/", Some(INNER_ID));
    for dir in &judge_dirs {
        make_dir(dir)
            .and_then(|()| mount_disk(dir, judge_disk_bytes(job)))
            .step(|| format!("mount a file system of its own at {dir}"))?;
    }
    let writable = writable_dirs(job);
    for dir in writable.iter().chain([&job.workdir]) {
        make_dir(dir).step(|| format!("make {dir}"))?;
    }
    for seed in &job.seeds {
        ground
            .plant(&seed.source, &seed.inside, seed.executable, on_host)
            .step(|| format!("copy into {}", seed.inside))?;
    }
    for bind in &job.read_only {
        ground
            .plant(
                &SeedSource::Host(bind.host.clone()),
                &bind.inside,
                false,
                on_host,
            )
            .step(|| format!("copy {} to {}", bind.host.display(), bind.inside))?;
    }
    if !job.hide_from_untrusted.is_empty() {
        offer_helper(order).step(|| "offer the untrusted helper")?;
    }
    for dir in &writable {
        own(dir).step(|| format!("give away {dir}"))?;
        mount_bind_recursive(dir, dir).step(|| format!("keep {dir} writable"))?;
    }
    for dir in ["/tmp", "/dev/shm"] {
        fs::set_permissions(dir, Permissions::from_mode(0o1777)).step(|| format!("open {dir}"))?;
    }
    for bind in &job.read_only {
        mount_bind(&bind.inside, &bind.inside)
            .and_then(|()| mount_remount(&bind.inside, read_only_bind(NO_DEVICES), ""))
            .step(|| format!("make {} read-only", bind.inside))?;
    }

    for dir in judge_dirs.into_iter().filter(|dir| !writable.contains(dir)) {
        mount_remount(dir, read_only_bind(NO_DEVICES), "")
            .step(|| format!("make {dir} read-only"))?;
    }
    unmount(HOST, UnmountFlags::DETACH).step(|| "let go of the host's files")?;
    fs::remove_dir(HOST).step(|| "let go of the host's files")?;
    mount_remount("/", read_only_bind(NO_DEVICES), "").step(|| "make the root read-only")
}

/// Mounts a `/proc` of this process's own process-id namespace.
pub(super) fn mount_proc() -> io::Result<()> {
    Ok(mount(
        "proc",
        "/proc",
        "proc",
        NO_DEVICES | MountFlags::NOEXEC,
        None,
    )?)
}

/// Covers a directory by an empty one that nothing can be written to, a file by an empty file.
/// What does not exist needs no cover.
pub(super) fn cover(path: &str) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_dir() => mount_tmpfs(
            path,
            "size=4k,nr_inodes=2,mode=555",
            NO_DEVICES | MountFlags::RDONLY,
        ),
        Ok(_) => Ok(mount_bind("/dev/null", path)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

fn mount_tmpfs(path: &str, options: &str, flags: MountFlags) -> io::Result<()> {
    let options = CString::new(options)?;
    Ok(mount("tmpfs", path, "tmpfs", flags, options.as_c_str())?)
}

/// Mounts an empty file system in memory.
fn mount_disk(path: &str, bytes: u64) -> io::Result<()> {
    // A page a file at the least, so one inode for every two pages leaves room for many small
    // files while bounding the kernel memory that empty ones take.
    let inodes = (bytes / 8192).max(16 * 1024);
    let options = format!("size={bytes},nr_inodes={inodes},mode=755");
    mount_tmpfs(path, &options, NO_DEVICES)
}

/// The hidden places that can be written to, for a verdict. Each is a file system of its own, so
/// that untrusted code that fills the room's leaves the judge its place for a verdict.
fn judge_dirs(job: &Job) -> Vec<&String> {
    let holds_writable = |hidden: &&String| {
        job.writable_dirs
            .iter()
            .any(|dir| Path::new(dir).starts_with(hidden))
    };
    let mut dirs: Vec<_> = job
        .hide_from_untrusted
        .iter()
        .filter(holds_writable)
        .collect();
    dirs.sort();
    dirs.dedup();
    dirs
}

/// The size of each of the judge's file systems.
fn judge_disk_bytes(job: &Job) -> u64 {
    let count = judge_dirs(job).len().max(1) as u64;
    // Not zero, which the kernel would take for no limit.
    (JUDGE_DISK_BYTES.min(job.limits.disk_bytes / JUDGE_DISK_SHARE) / count).max(4096)
}

fn read_only_bind(others: MountFlags) -> MountFlags {
    MountFlags::BIND | MountFlags::RDONLY | others
}

/// The writable directories, parents before children, `/tmp` and `/dev/shm` among them.
fn writable_dirs(job: &Job) -> Vec<String> {
    let mut dirs = job.writable_dirs.clone();
    dirs.extend(["/tmp".to_owned(), "/dev/shm".to_owned()]);
    dirs.sort();
    dirs.dedup();
    dirs
}

fn on_host(path: &Path) -> PathBuf {
    Path::new(HOST).join(path.strip_prefix("/").unwrap_or(path))
}

fn make_dir(path: impl AsRef<Path>) -> io::Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o755)
        .create(path)
}

/// Shows a system directory, or the link that stands in its place on merged-`/usr` systems.
fn show_system(path: &str) -> io::Result<()> {
    let host = on_host(Path::new(path));
    match fs::symlink_metadata(&host) {
        Ok(meta) if meta.is_symlink() => std::os::unix::fs::symlink(fs::read_link(host)?, path),
        Ok(meta) if meta.is_dir() => bind_read_only(&host, Path::new(path)),
        _ => Ok(()),
    }
}

fn furnish_etc() -> io::Result<()> {
    make_dir("/etc")?;
    show_system(ALTERNATIVES)?;
    let ground = Ground::new("/", None);
    for name in ETC {
        let host = on_host(Path::new("/etc")).join(name);
        if fs::symlink_metadata(&host).is_ok() {
            let source = SeedSource::Host(host);
            ground.plant(&source, &format!("/etc/{name}"), false, Path::to_path_buf)?;
        }
    }
    let own_files = [
        ("passwd", PASSWD),
        ("group", GROUP),
        ("hosts", HOSTS),
        ("nsswitch.conf", NSSWITCH),
    ];
    for (name, text) in own_files {
        fs::write(Path::new("/etc").join(name), text)?;
    }
    Ok(())
}

fn furnish_dev() -> io::Result<()> {
    make_dir("/dev")?;
    for name in DEVICES {
        let inside = Path::new("/dev").join(name);
        fs::write(&inside, "")?;
        mount_bind(on_host(&inside), &inside)?;
    }
    for (name, target) in [
        ("fd", ""),
        ("stdin", "/0"),
        ("stdout", "/1"),
        ("stderr", "/2"),
    ] {
        let target = format!("/proc/self/fd{target}");
        std::os::unix::fs::symlink(target, Path::new("/dev").join(name))?;
    }
    Ok(())
}

/// Mounts a tree of the host read-only, with everything that is mounted within it.
fn bind_read_only(host: &Path, inside: &Path) -> io::Result<()> {
    if fs::metadata(host)?.is_dir() {
        make_dir(inside)?;
    } else {
        inside.parent().map_or(Ok(()), make_dir)?;
        fs::write(inside, "")?;
    }
    mount_bind_recursive(host, inside)?;
    // A remount concerns one mount, not those below it, and must repeat the flags that are
    // already set: the kernel locks them against a less privileged namespace.
    for point in mountinfo::below(inside)? {
        mount_remount(&point.path, read_only_bind(point.flags), "")?;
    }
    Ok(())
}

fn own(path: &str) -> io::Result<()> {
    std::os::unix::fs::lchown(path, Some(INNER_ID), Some(INNER_ID))
}

/// Puts this program into the room under the name that makes it the untrusted helper.
fn offer_helper(order: &Order) -> io::Result<()> {
    make_dir(HELPER_DIR)?;
    fs::write(HELPER, "")?;
    let host = on_host(&order.program);
    if bind_read_only(&host, Path::new(HELPER)).is_err() {
        // The file was replaced while this program runs, by a rebuild perhaps: what runs is
        // still there to be copied.
        fs::copy("/proc/self/exe", HELPER)?;
        fs::set_permissions(HELPER, Permissions::from_mode(0o755))?;
    }
    fs::write(
        INNER_ORDER,
        serde_json::to_vec(&InnerOrder::of(&order.job))?,
    )?;
    // Its space is taken beforehand: untrusted code may fill the room's file system.
    let fault = fs::File::create(FAULT)?;
    rustix::fs::fallocate(&fault, FallocateFlags::KEEP_SIZE, 0, FAULT_BYTES)?;
    own(FAULT)?;
    Ok(mount_bind(FAULT, FAULT)?)
}
