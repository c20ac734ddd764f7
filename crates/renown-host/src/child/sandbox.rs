//! What a child may use, and what it may not do.
//!
//! This holds back faults, and keeps data from leaving by the network. It is no wall against malice: a child reads what
//! its user may read.
#![expect(unsafe_code, reason = "what happens between fork and exec")]

use std::collections::BTreeMap;
use std::io;
use std::os::fd::{BorrowedFd, RawFd};
use std::os::unix::process::CommandExt;
use std::process::Command;

use rustix::io::FdFlags;
use rustix::process::{Pid, Resource, Rlimit, Signal};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
};
use serde::{Deserialize, Serialize};

/// What a child may use: `[limits]` of its sidecar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Its address space, in MiB: 64 to 65,536.
    pub memory_mib: u64,
    /// How long it may take to answer a call, in seconds: 1 to 3,600.
    pub seconds: u64,
    /// Whether it may start processes of its own. If the host is killed, the system ends its children, but not theirs.
    pub processes: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self { memory_mib: 4_096, seconds: 60, processes: false }
    }
}

impl Limits {
    /// Whether they are within what may be asked for.
    pub(crate) fn check(&self) -> Result<(), String> {
        for (name, value, least, most) in
            [("memory_mib", self.memory_mib, 64, 65_536), ("seconds", self.seconds, 1, 3_600)]
        {
            if !(least..=most).contains(&value) {
                return Err(format!("its sidecar's limits.{name} is {value}: expected {least} to {most}"));
            }
        }
        Ok(())
    }
}

/// Time on the processor that a child may use in all, in seconds. One that was at work for a good part of it is put aside
/// for a new one, so that only a child that runs wild gets there.
pub(super) const PROCESSOR_SECONDS: u64 = 7_200;

/// Open files.
const FILES: u64 = 256;

/// Processes and threads of its user. All of the user's count, so that this only ends a child that forks without end.
const PROCESSES: u64 = 8_192;

/// What a child gets of the environment: enough to find an interpreter and its packages.
const KEPT: [&str; 5] = ["PATH", "HOME", "VIRTUAL_ENV", "PYENV_ROOT", "PYENV_VERSION"];

/// What it gets beside that, so that no setting of its user's changes a record.
const SET: [(&str, &str); 4] =
    [("LANG", "C.UTF-8"), ("TZ", "UTC"), ("PYTHONHASHSEED", "0"), ("PYTHONDONTWRITEBYTECODE", "1")];

/// No network, no way out of its process group (which is killed as a whole), no hand on other processes.
const FORBIDDEN: [libc::c_long; 8] = [
    libc::SYS_socket,
    // Could open a socket without the call above.
    libc::SYS_io_uring_setup,
    libc::SYS_setsid,
    libc::SYS_setpgid,
    libc::SYS_kill,
    libc::SYS_pidfd_send_signal,
    libc::SYS_ptrace,
    libc::SYS_process_vm_writev,
];

/// The filters of system calls, all of which hold; `None` where the system has none, or its processor is not known.
pub(super) fn filters(limits: Limits) -> Option<Vec<BpfProgram>> {
    let forbidden = FORBIDDEN.iter().map(|call| (*call, Vec::new())).collect();
    let mut filters = vec![filter(forbidden, libc::EPERM)?];
    if !limits.processes {
        filters.extend(no_processes()?);
    }
    Some(filters)
}

/// Refuses some calls, always or on a condition, with an error.
fn filter(rules: BTreeMap<i64, Vec<SeccompRule>>, error: i32) -> Option<BpfProgram> {
    let refuse = SeccompAction::Errno(error as u32);
    let arch = std::env::consts::ARCH.try_into().ok()?;
    SeccompFilter::new(rules, SeccompAction::Allow, refuse, arch).ok()?.try_into().ok()
}

/// Threads, but no processes.
fn no_processes() -> Option<[BpfProgram; 2]> {
    let thread = libc::CLONE_THREAD as u64;
    let is_no_thread =
        SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::MaskedEq(thread), 0).ok()?;
    let mut rules = BTreeMap::from([(libc::SYS_clone, vec![SeccompRule::new(vec![is_no_thread]).ok()?])]);
    // Other processors have `clone` alone.
    #[cfg(target_arch = "x86_64")]
    rules.extend([libc::SYS_fork, libc::SYS_vfork].map(|call| (call, Vec::new())));
    // What it is asked for lies in memory, where no filter sees it: as if the system did not know it, so that `clone` is
    // called instead.
    let unknown = BTreeMap::from([(libc::SYS_clone3, Vec::new())]);
    Some([filter(rules, libc::EPERM)?, filter(unknown, libc::ENOSYS)?])
}

/// Sees to it that the command becomes a child that is confined, keeps `inherited` open and dies with this process.
pub(super) fn confine(
    command: &mut Command,
    limits: Limits,
    inherited: RawFd,
    filters: Option<Vec<BpfProgram>>,
) {
    command.env_clear().envs(SET).current_dir("/").process_group(0);
    command.envs(KEPT.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    let host = rustix::process::getpid();
    let before_exec = move || prepare(limits, inherited, host, filters.as_deref());
    // SAFETY: `prepare` only makes system calls; it neither allocates nor locks.
    unsafe { command.pre_exec(before_exec) };
}

/// Between fork and exec.
fn prepare(limits: Limits, inherited: RawFd, host: Pid, filters: Option<&[BpfProgram]>) -> io::Result<()> {
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
    if rustix::process::getppid() != Some(host) {
        // It was gone before the line above.
        return Err(io::ErrorKind::BrokenPipe.into());
    }
    for (resource, most) in [
        (Resource::As, limits.memory_mib << 20),
        (Resource::Cpu, PROCESSOR_SECONDS),
        (Resource::Nofile, FILES),
        (Resource::Nproc, PROCESSES),
        (Resource::Fsize, 0),
        (Resource::Core, 0),
    ] {
        // Never above what this process itself may use.
        let own = rustix::process::getrlimit(resource).maximum;
        let most = Some(own.map_or(most, |own| own.min(most)));
        rustix::process::setrlimit(resource, Rlimit { current: most, maximum: most })?;
    }
    // Whatever whoever started this program left open is none of the child's business. Older systems do not know the call.
    // SAFETY: it marks descriptors to be closed by exec, and touches no memory.
    unsafe { libc::syscall(libc::SYS_close_range, 3, libc::c_uint::MAX, libc::CLOSE_RANGE_CLOEXEC) };
    // SAFETY: open in this process, which was forked from the one that holds it.
    rustix::io::fcntl_setfd(unsafe { BorrowedFd::borrow_raw(inherited) }, FdFlags::empty())?;
    rustix::thread::set_no_new_privs(true)?;
    for filter in filters.into_iter().flatten() {
        seccompiler::apply_filter(filter).map_err(|_| io::Error::from(io::ErrorKind::Unsupported))?;
    }
    Ok(())
}
