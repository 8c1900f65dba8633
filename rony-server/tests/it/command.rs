//! Facts about the `rony` command, told by running it as an operator does.

use std::{
    io::{BufRead as _, BufReader, Lines, Read as _},
    net::{TcpListener, UdpSocket},
    os::unix::fs::PermissionsExt as _,
    process::{Child, ChildStdout, Command, Output, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// A folder in which the command runs, with nothing set.
pub(crate) struct Place {
    pub(crate) folder: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { folder: TempDir::new().expect("a temporary folder") }
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rony"));
        command.args(arguments).current_dir(self.folder.path()).env_clear();
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("rony runs")
    }

    pub(crate) fn start(&self, arguments: &[&str]) -> Running {
        Running::of(&mut self.command(arguments))
    }

    /// Makes an account, by `rony user add` with these settings.
    pub(crate) fn add_user(&self, username: &str, password: &str, settings: &[&str]) {
        use std::io::Write as _;
        let arguments = [&["user", "add", username, "--password-stdin"], settings].concat();
        let mut child = self.command(&arguments).stdin(Stdio::piped()).spawn().expect("rony runs");
        writeln!(child.stdin.take().expect("its input"), "{password}").expect("it reads");
        assert!(child.wait().expect("it ends").success());
    }
}

/// A server that runs until it is dropped.
pub(crate) struct Running {
    child: Child,
    /// What it has said on its start.
    said: String,
    /// Kept open, as a terminal would be.
    _output: Lines<BufReader<ChildStdout>>,
}

impl Running {
    /// Starts it, and waits until it serves.
    pub(crate) fn of(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("rony runs");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let mut said = String::new();
        while !said.contains("Stop") {
            said.push_str(&lines.next().expect("rony says how to stop it").expect("text"));
            said.push('\n');
        }
        Self { child, said, _output: lines }
    }

    pub(crate) fn told(&self, what: &str) -> Option<&str> {
        self.said.lines().find_map(|line| line.trim().strip_prefix(what).map(str::trim))
    }

    pub(crate) fn port(&self) -> &str {
        self.told("Address").and_then(|address| address.rsplit(':').next()).expect("an address with a port")
    }

    /// Asks it to end, and waits; gives back its exit code.
    pub(crate) fn stop(mut self) -> Option<i32> {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, Signal::TERM).expect("it can be asked");
        self.child.wait().expect("it ends").code()
    }
}

impl Running {
    /// Ends it as the machine would: it has no time for anything.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> std::net::SocketAddr {
        format!("127.0.0.1:{}", self.port()).parse().expect("an address")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_first_start_needs_no_setting_and_ends_in_good_order() {
    let place = Place::new();
    let server = place.start(&["serve"]);
    let data = place.folder.path().join("rony-data");
    assert_eq!(
        server.told("Data").map(str::to_owned),
        data.canonicalize().ok().map(|data| data.display().to_string())
    );
    let mode = |path: &str| data.join(path).metadata().expect("it is there").permissions().mode() & 0o777;
    assert_eq!((mode(""), mode("rony.db")), (0o700, 0o600));
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn a_sample_is_made_in_an_empty_folder_for_this_machine_alone() {
    let place = Place::new();
    let server = place.start(&["serve", "--demo"]);
    assert!(server.told("Sample").is_some_and(|how| how.contains("ann (administrator), bob or cleo")));
    assert!(server.told("with the password").is_some_and(|password| password.len() == 12));
    assert_eq!(server.told("Set up"), None, "there is an administrator");
    let list = text(&place.run(&["user", "list"]).stdout);
    assert_eq!(list.matches("(sample)").count(), 3, "{list}");
    assert_eq!(server.stop(), Some(0));

    for (arguments, reason) in [
        (["--demo", "--metrics=off"], "is not empty"),
        (["--demo", "--listen=0.0.0.0"], "`listen` is 0.0.0.0"),
        (["--demo", "--database=sqlite:other.db"], "`database` is set"),
    ] {
        let output = place.run(&[&["serve"][..], &arguments].concat());
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(reason) && said.contains("What to do"), "{said}");
    }
    // What was made is kept, and goes on without the flag.
    assert_eq!(place.start(&["serve"]).stop(), Some(0));
}

#[test]
fn two_servers_without_a_configured_port_do_not_clash() {
    let (first, second) = (Place::new(), Place::new());
    let (first, second) = (first.start(&["serve"]), second.start(&["serve"]));
    assert_ne!(first.port(), second.port());
}

#[test]
fn a_configured_port_that_is_busy_is_an_error_that_names_the_holder() {
    let busy = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = busy.local_addr().expect("an address").port().to_string();
    let output = Place::new().run(&["serve", "--port", &port]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(said.contains("is busy") && said.contains("choose another port with `port`"), "{said}");
}

#[test]
fn a_second_server_on_the_same_data_says_who_is_there_already() {
    let place = Place::new();
    let first = place.start(&["serve"]);
    let output = place.run(&["serve"]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(said.contains(&format!("(process {})", first.child.id())), "{said}");
    assert!(said.contains("--data"), "{said}");
    // Errands at the command line are for servers that run, too.
    assert_eq!(place.run(&["user", "list"]).status.code(), Some(0));
    assert_eq!(first.stop(), Some(0));
    assert_eq!(place.start(&["serve"]).stop(), Some(0));
}

#[test]
fn a_start_that_cannot_be_says_why_and_what_to_do() {
    let place = Place::new();
    std::fs::write(place.folder.path().join("file"), "no database, and no folder").expect("a file");
    for (option, value, reason) in [
        ("--data", "file", "it is a file"),
        ("--data", "file/below", "The data folder file/below cannot be used"),
        ("--database", "sqlite:file", "file is not a database"),
        ("--database", "sqlite:nowhere/rony.db", "No such file or directory"),
        ("--database", "postgres://rony:s3cret@127.0.0.1:1/rony", "Connection refused"),
    ] {
        let output = place.run(&["serve", "--port", "0", "--metrics", "off", option, value]);
        assert_eq!(output.status.code(), Some(1));
        let said = text(&output.stderr);
        assert!(said.contains(reason) && said.contains("What to do: "), "{said}");
        assert!(!said.contains("s3cret") && output.stdout.is_empty(), "{said}");
    }
}

#[test]
fn a_wrong_setting_keeps_the_server_from_starting() {
    let place = Place::new();
    std::fs::write(place.folder.path().join("rony.toml"), "prot = 5000\n").expect("a file");
    for command in ["serve", "doctor", "migrate"] {
        let output = place.run(&[command]);
        assert_eq!(output.status.code(), Some(1));
        let said = text(&output.stdout) + &text(&output.stderr);
        assert!(said.contains("rony.toml, line 1") && said.contains("did you mean `port`?"), "{said}");
    }
}

#[test]
fn a_server_that_runs_is_healthy_to_the_doctor() {
    let place = Place::new();
    let server = place.start(&["serve", "--metrics", "off"]);
    let output = place.run(&["doctor", "--port", server.port()]);
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("its tables are up to date") && said.contains("leads to Rony"), "{said}");
}

#[test]
fn the_doctor_fails_when_something_is_wrong() {
    let output = Place::new().run(&["doctor", "--database", "postgres://rony:s3cret@127.0.0.1:1/rony"]);
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("FAIL  database") && said.contains("what to do:"), "{said}");
    assert!(!said.contains("s3cret"), "{said}");
}

#[test]
fn tables_are_brought_to_this_version_once() {
    let place = Place::new();
    assert!(text(&place.run(&["migrate"]).stdout).contains("up to date now"));
    assert!(text(&place.run(&["migrate"]).stdout).contains("were up to date"));
}

#[test]
fn the_link_that_creates_the_administrator_is_shown_until_there_is_one() {
    let place = Place::new();
    let server = place.start(&["serve"]);
    let link = server.told("Set up").expect("a link").to_owned();
    assert!(link.starts_with(&format!("http://localhost:{}/setup#", server.port())), "{link}");
    let done = place.command(&["user", "add", "ada", "--admin"]).output().expect("rony runs");
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    assert_eq!(server.stop(), Some(0));
    assert_eq!(place.start(&["serve"]).told("Set up"), None);
}

#[test]
fn accounts_are_made_listed_and_switched_off_at_the_command_line() {
    let place = Place::new();
    let made = text(
        &place.run(&["user", "add", "ada", "--admin", "--public-url", "https://chat.example.org"]).stdout,
    );
    assert!(made.contains("https://chat.example.org/reset#"), "{made}");
    place.run(&["user", "add", "bob", "--display-name", "Bob Stone"]);
    assert!(text(&place.run(&["user", "deactivate", "BOB"]).stdout).contains("switched off"));
    assert!(text(&place.run(&["user", "reactivate", "BOB"]).stdout).contains("switched on"));
    assert!(!text(&place.run(&["user", "list"]).stdout).contains("switched off"));
    place.run(&["user", "deactivate", "bob"]);
    let listed = text(&place.run(&["user", "list"]).stdout);
    let lines: Vec<Vec<&str>> = listed.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(
        lines,
        [vec!["ada", "ada", "administrator"], vec!["bob", "Bob", "Stone", "member,", "switched", "off"]]
    );
    assert!(text(&place.run(&["user", "reset-password", "ada"]).stdout).contains("/reset#"));
}

#[test]
fn what_cannot_be_done_with_an_account_is_said() {
    let place = Place::new();
    place.run(&["user", "add", "ada", "--admin"]);
    for (arguments, reason) in [
        (&["user", "add", "Ada"][..], "already has this username"),
        (&["user", "deactivate", "ada"], "the server needs one"),
        (&["user", "deactivate", "bob"], "There is no account bob"),
    ] {
        let output = place.run(arguments);
        assert_eq!(output.status.code(), Some(1));
        assert!(text(&output.stderr).contains(reason), "{}", text(&output.stderr));
    }
}

#[test]
fn a_password_may_come_from_the_input() {
    use std::io::Write as _;
    let place = Place::new();
    let add = |password: &str| {
        let mut command = place.command(&["user", "add", "ada", "--password-stdin"]);
        let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = pipes.spawn().expect("rony runs");
        writeln!(child.stdin.take().expect("its input"), "{password}").expect("it reads");
        child.wait_with_output().expect("it ends")
    };
    let short = add("short");
    assert_eq!(short.status.code(), Some(1));
    assert!(text(&short.stderr).contains('8'), "{}", text(&short.stderr));
    let good = add("correct horse battery");
    assert!(!text(&good.stdout).contains("/reset#"));
    assert_eq!(good.status.code(), Some(0), "{}", text(&good.stderr));
}

#[test]
fn figures_are_served_apart_from_the_public_address() {
    let place = Place::new();
    let server = place.start(&["serve", "--port", "0"]);
    let metrics = server.told("Metrics").expect("an address").to_owned();
    let address = metrics.trim_start_matches("http://").trim_end_matches("/metrics").to_owned();
    assert!(get(&address, "/metrics").contains("rony_build_info"));
    assert!(get(&format!("127.0.0.1:{}", server.port()), "/metrics").starts_with("HTTP/1.1 404"));
}

/// The whole answer as text.
pub(crate) fn get(address: &str, path: &str) -> String {
    use std::io::Write as _;
    let mut stream = std::net::TcpStream::connect(address).expect("a connection");
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

/// Asks a STUN server which address this side has: kind, length, cookie, and a number that the answer repeats.
fn ask_stun(place: &str) -> Vec<u8> {
    const QUESTION: [u8; 20] = [0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    socket.set_read_timeout(Some(Duration::from_secs(10))).expect("a time limit");
    socket.send_to(&QUESTION, place).expect("it is sent");
    let mut answer = [0; 512];
    let length = socket.recv(&mut answer).expect("an answer");
    assert_eq!(answer[8..20], QUESTION[8..]);
    answer[..length].to_vec()
}

#[test]
fn a_first_start_has_a_relay_for_meetings() {
    let place = Place::new();
    let server = place.start(&["serve"]);
    let relay = server.told("Relay").and_then(|relay| relay.strip_prefix("UDP ")).expect("a relay");
    assert_eq!(ask_stun(relay)[..2], [1, 1], "a success");
    let key = place.folder.path().join("rony-data/relay.key");
    assert_eq!(key.metadata().expect("its secret").permissions().mode() & 0o777, 0o600);
    // Another beside it takes another port.
    let second = Place::new();
    let second = second.start(&["serve"]);
    assert_ne!(second.told("Relay"), server.told("Relay"));
    assert_eq!((second.stop(), server.stop()), (Some(0), Some(0)));
}

#[test]
fn a_relay_that_was_asked_for_runs_or_says_why_not() {
    let busy = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    let port = busy.local_addr().expect("an address").port().to_string();
    let output = Place::new().run(&["serve", "--port=0", "--rtc-relay-port", &port]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(said.contains("is busy") && said.contains("another port with `rtc_relay_port`"), "{said}");

    let elsewhere = Place::new();
    let arguments =
        ["serve", "--rtc-turn=turn:turn.example.org", "--rtc-turn-secret=a secret of sixteen bytes"];
    let elsewhere = elsewhere.start(&arguments);
    assert_eq!(elsewhere.told("Relay"), None);
    assert_eq!(elsewhere.stop(), Some(0));
}
