//! Progress on a terminal, and Ctrl-C.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use renown_engine::Progress;
use renown_engine::input::Input;

/// Lets Ctrl-C set a flag, so that nothing half-written stays behind; a second one ends the program at once.
pub(crate) fn stop_on_interrupt(flag: &Arc<AtomicBool>) -> anyhow::Result<()> {
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register_conditional_shutdown(signal, 130, flag.clone())
            .and_then(|_| signal_hook::flag::register(signal, flag.clone()))
            .and_then(|_| signal_hook::flag::register(signal, renown_host::CANCELLED.clone()))
            .context("cannot listen for Ctrl-C")?;
    }
    Ok(())
}

/// Does the work while a bar on the terminal, if there is one, shows how far it is.
pub(crate) fn watch<T: Send>(
    progress: &Progress,
    inputs: &[Input],
    quiet: bool,
    work: impl FnOnce() -> T + Send,
) -> T {
    if quiet || !std::io::stderr().is_terminal() {
        return work();
    }
    let bar = ProgressBar::new(inputs.iter().map(Input::size).sum());
    let style = "{elapsed_precise} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {msg} left {eta}";
    bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                let records = progress.records.load(Ordering::Relaxed);
                bar.set_position(progress.bytes.load(Ordering::Relaxed));
                let rate = records as f64 / bar.elapsed().as_secs_f64().max(0.001);
                bar.set_message(format!("{records} records, {rate:.0}/s"));
                std::thread::sleep(Duration::from_millis(100));
            }
            bar.finish_and_clear();
        });
        let result = work();
        done.store(true, Ordering::Relaxed);
        result
    })
}
