//! Running other programs so that none of them outlives the chore that started it.
//!
//! Each program leads a process group of its own. Ctrl-C, SIGTERM and SIGHUP are taken here and passed on to
//! that group as SIGTERM; a second one kills it. Whatever is left of a group when its leader has ended is
//! ended too, so a test that leaks a server cannot leave it behind.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::Path;
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

/// How often a wait looks for a signal.
const TICK: Duration = Duration::from_millis(50);
/// How long a group may take to end after it was asked to. A server that drains its sockets fits in.
const PATIENCE: Duration = Duration::from_secs(20);

/// For what takes as long as it takes.
pub(crate) const NO_LIMIT: Duration = Duration::MAX;

/// A signal has come that nobody has acted on yet.
static SIGNALLED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);
/// Somebody wants this chore to end; never taken back.
static STOPPING: AtomicBool = AtomicBool::new(false);

/// Waits a moment, between two looks at something that has no way to call back.
#[expect(
    clippy::disallowed_methods,
    reason = "a chore waits for other programs, and holds up nobody meanwhile"
)]
pub(crate) fn wait_a_tick() {
    thread::sleep(TICK);
}

/// Takes over SIGINT, SIGTERM and SIGHUP; called once, before anything is started.
///
/// # Errors
/// When the system refuses a handler.
pub(crate) fn take_signals() -> Result<()> {
    for number in [SIGINT, SIGTERM, SIGHUP] {
        signal_hook::flag::register(number, Arc::clone(&SIGNALLED)).context("cannot take signals")?;
    }
    Ok(())
}

/// Whether a signal asked this chore to end.
pub(crate) fn stopping() -> bool {
    STOPPING.load(Ordering::Relaxed) || SIGNALLED.load(Ordering::Relaxed)
}

/// Whether a signal came that nobody has acted on; who asks acts on it.
fn take_signal() -> bool {
    let came = SIGNALLED.swap(false, Ordering::Relaxed);
    if came {
        STOPPING.store(true, Ordering::Relaxed);
    }
    came
}

/// Goes on only while nobody asked this chore to end.
///
/// # Errors
/// When somebody did.
pub(crate) fn check_stopping() -> Result<()> {
    if stopping() {
        bail!("stopped by a signal");
    }
    Ok(())
}

/// Runs `command` with this terminal as its own, and says how it ended.
///
/// # Errors
/// When it cannot be started.
pub(crate) fn run(command: &mut Command) -> Result<ExitStatus> {
    check_stopping()?;
    let mut group = Group::spawn(command)?;
    loop {
        if let Some(status) = group.ended()? {
            return Ok(status);
        }
        wait_a_tick();
    }
}

/// Runs `command` for the person at the terminal: it may read what they type, and Ctrl-C is between the two of them.
///
/// # Errors
/// When it cannot be started.
pub(crate) fn run_for_person(command: &mut Command) -> Result<ExitStatus> {
    check_stopping()?;
    // A group of its own would be in the background, where reading the terminal stops a program.
    command.status().with_context(|| format!("cannot run {}", command.get_program().display()))
}

/// Runs `commands` side by side until the first of them has ended, then ends the others, and says how the first one ended.
///
/// # Errors
/// When one of them cannot be started.
pub(crate) fn run_together(commands: &mut [Command]) -> Result<ExitStatus> {
    check_stopping()?;
    // What is started is ended with this list, also when a later one cannot be.
    let mut running = Vec::new();
    for command in commands {
        running.push(Group::spawn(command.stdin(Stdio::null()))?);
    }
    let mut first = None;
    while !running.is_empty() {
        if take_signal() {
            running.iter_mut().for_each(Group::ask);
        }
        let mut still = Vec::new();
        for mut group in running {
            match group.reap()? {
                Some(status) => {
                    first.get_or_insert(status);
                }
                None => still.push(group),
            }
        }
        running = still;
        if first.is_some() {
            running.iter_mut().filter(|group| group.asked.is_none()).for_each(Group::ask);
        }
        wait_a_tick();
    }
    first.context("nothing was to run")
}

/// Runs `command` unseen for as long as `limit`, and says whether it succeeded in that time.
///
/// # Errors
/// When it cannot be started.
pub(crate) fn run_quietly(command: &mut Command, limit: Duration) -> Result<bool> {
    check_stopping()?;
    let begin = Instant::now();
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut group = Group::spawn(quiet)?;
    while begin.elapsed() < limit {
        if let Some(status) = group.ended()? {
            return Ok(status.success());
        }
        wait_a_tick();
    }
    Ok(false)
}

/// Runs `command` for `limit` at most and shows what it writes, line by line, here and in the file `log`; `on_line` sees each
/// line of its standard output.
///
/// # Errors
/// When it cannot be started, takes longer, or the log cannot be written.
pub(crate) fn run_logged(
    command: &mut Command,
    log: &Path,
    limit: Duration,
    mut on_line: impl FnMut(&str),
) -> Result<ExitStatus> {
    check_stopping()?;
    let mut log = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    let piped = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    Group::spawn(piped)?.follow(limit, |line| {
        let (line, is_out) = match line {
            Line::Out(line) => (line, true),
            Line::Err(line) => (line, false),
        };
        log.write_all(&line)?;
        if is_out {
            std::io::stdout().write_all(&line)?;
            on_line(String::from_utf8_lossy(&line).trim_end());
        } else {
            std::io::stderr().write_all(&line)?;
        }
        Ok(())
    })
}

/// Runs `command` with this terminal's standard error as its own, so that it can draw there, and hands over what it writes to
/// standard output, line by line; for `limit` at most.
///
/// # Errors
/// When it cannot be started, or takes longer.
pub(crate) fn run_captured(
    command: &mut Command,
    limit: Duration,
    mut on_line: impl FnMut(&str),
) -> Result<ExitStatus> {
    check_stopping()?;
    Group::spawn(command.stdin(Stdio::null()).stdout(Stdio::piped()))?.follow(limit, |line| {
        if let Line::Out(line) = line {
            on_line(String::from_utf8_lossy(&line).trim_end());
        }
        Ok(())
    })
}

/// The exit code to pass on for a program that ended so: its own, or 128 + the signal that ended it, as
/// shells do.
pub(crate) fn exit_code(status: ExitStatus) -> ExitCode {
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(1);
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}

enum Line {
    Out(Vec<u8>),
    Err(Vec<u8>),
}

fn send_lines(from: impl Read + Send + 'static, to: Sender<Line>, wrap: fn(Vec<u8>) -> Line) {
    thread::spawn(move || {
        let mut from = BufReader::new(from);
        let mut line = Vec::new();
        while from.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            if to.send(wrap(std::mem::take(&mut line))).is_err() {
                return;
            }
        }
    });
}

/// A program and everything it started, as far as that stayed in its process group.
struct Group {
    leader: Child,
    id: Pid,
    name: String,
    asked: Option<Instant>,
}

impl Group {
    fn spawn(command: &mut Command) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let leader = command.process_group(0).spawn().with_context(|| format!("cannot run {name}"))?;
        let id = Pid::from_child(&leader);
        Ok(Self { leader, id, name, asked: None })
    }

    /// Hands over lines until they end, and says how the leader ended. What takes longer than `limit` is ended, and an error.
    fn follow(mut self, limit: Duration, mut on_line: impl FnMut(Line) -> Result<()>) -> Result<ExitStatus> {
        let begun = Instant::now();
        let lines = self.lines();
        let (mut status, mut late) = (None, false);
        loop {
            if !late && begun.elapsed() > limit {
                late = true;
                self.ask();
            }
            match lines.recv_timeout(TICK) {
                Ok(line) => on_line(line)?,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            // Ending kills what still holds the pipes, so the lines come to an end as well.
            if status.is_none() {
                status = self.ended()?;
            }
        }
        while status.is_none() {
            wait_a_tick();
            status = self.ended()?;
        }
        ensure!(!late, "{} was not done after {} s, and was ended", self.name, limit.as_secs());
        status.context("the loop above ends with a status")
    }

    fn lines(&mut self) -> Receiver<Line> {
        let (to, lines) = channel();
        if let Some(out) = self.leader.stdout.take() {
            send_lines(out, to.clone(), Line::Out);
        }
        if let Some(err) = self.leader.stderr.take() {
            send_lines(err, to, Line::Err);
        }
        lines
    }

    /// Passes a signal on if one came, and says how the leader ended once it has.
    fn ended(&mut self) -> Result<Option<ExitStatus>> {
        if take_signal() {
            self.ask();
        }
        self.reap()
    }

    /// Asks the group to end; asked again, it has to.
    fn ask(&mut self) {
        let again = self.asked.replace(Instant::now()).is_some();
        self.signal(if again { Signal::KILL } else { Signal::TERM });
    }

    /// How the leader ended, once it has. A group that was asked to end and does not is killed.
    fn reap(&mut self) -> Result<Option<ExitStatus>> {
        if self.asked.is_some_and(|at| at.elapsed() > PATIENCE) {
            self.signal(Signal::KILL);
        }
        let status = self.leader.try_wait().with_context(|| format!("cannot wait for {}", self.name))?;
        if status.is_some() {
            self.signal(Signal::KILL);
        }
        Ok(status)
    }

    /// A group that has already ended cannot be signalled, which is just as well.
    fn signal(&self, signal: Signal) {
        let _ = kill_process_group(self.id, signal);
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.signal(Signal::KILL);
        let _ = self.leader.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn what_a_program_leaves_running_is_ended_with_it() {
        let log = tempfile::NamedTempFile::new().unwrap();
        let mut lines = Vec::new();
        // The second one holds the pipe: were it not ended, its lines would never be.
        let mut leaks = shell("echo begun; sleep 600 & exit 3");
        let status =
            run_logged(&mut leaks, log.path(), NO_LIMIT, |line| lines.push(line.to_owned())).unwrap();
        assert_eq!((status.code(), lines), (Some(3), vec!["begun".to_owned()]));
    }

    #[test]
    fn the_log_holds_both_outputs_and_the_caller_sees_the_first() {
        let log = tempfile::NamedTempFile::new().unwrap();
        let mut lines = Vec::new();
        let mut speaks = shell("echo to the caller; echo to the log only >&2");
        run_logged(&mut speaks, log.path(), NO_LIMIT, |line| lines.push(line.to_owned())).unwrap();
        assert_eq!(lines, ["to the caller"]);
        let logged = std::fs::read_to_string(log.path()).unwrap();
        assert!(logged.contains("to the caller\n") && logged.contains("to the log only\n"), "{logged}");
    }

    #[test]
    fn of_two_that_run_together_the_second_ends_with_the_first() {
        let begin = Instant::now();
        let status = run_together(&mut [shell("sleep 600"), shell("exit 4")]).unwrap();
        assert_eq!(status.code(), Some(4));
        assert!(begin.elapsed() < PATIENCE);
    }

    #[test]
    fn what_takes_longer_than_it_may_is_ended_and_an_error() {
        let begin = Instant::now();
        let late = run_captured(&mut shell("sleep 600"), TICK, |_| {}).unwrap_err();
        assert!(late.to_string().contains("sh was not done after 0 s"), "{late}");
        assert!(begin.elapsed() < PATIENCE);
    }

    #[test]
    fn a_quiet_run_is_given_up_at_its_limit() {
        assert!(run_quietly(&mut shell("exit 0"), PATIENCE).unwrap());
        assert!(!run_quietly(&mut shell("exit 1"), PATIENCE).unwrap());
        assert!(!run_quietly(&mut shell("sleep 600"), TICK).unwrap());
    }
}
