//! "Two people talk at a terminal" of the README, as a reader does it: its blocks are typed into a shell, beside a server that has just
//! started for the first time.

use std::{path::PathBuf, process::Stdio, time::Duration};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
};

const README: &str = include_str!("../../README.md");

/// How the README starts the WebSocket client. Here it is built already.
const SOCKET: &str = "cargo run --release -p rony-examples --bin socket -- ";

/// A program that reads and prints lines. It ends with the test.
struct Program {
    _child: Child,
    input: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Program {
    fn start(command: &mut Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().expect("the program starts");
        let input = child.stdin.take().expect("a pipe");
        let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        Self { _child: child, input, lines }
    }

    async fn give(&mut self, text: &str) {
        self.input.write_all(format!("{text}\n").as_bytes()).await.expect("it reads");
    }

    /// What it prints up to the line that contains `mark`, that line included.
    async fn until(&mut self, mark: &str) -> Vec<String> {
        let mut said = Vec::new();
        let heard = async {
            while said.last().is_none_or(|line: &String| !line.contains(mark)) {
                said.push(self.lines.next_line().await.expect("text").expect("one more line"));
            }
        };
        let in_time = tokio::time::timeout(Duration::from_secs(60), heard).await.is_ok();
        assert!(in_time, "waited for {mark}, after\n{}", said.join("\n"));
        said
    }

    /// Runs a block of the README in this shell; gives back what it printed.
    async fn run(&mut self, block: &str) -> Vec<String> {
        self.give(&format!("{block}\necho the block is done")).await;
        let mut said = self.until("the block is done").await;
        said.pop();
        said
    }
}

/// The fenced blocks under a heading of the README.
fn blocks(heading: &str) -> Vec<String> {
    let section = README.split_once(&format!("\n{heading}\n")).expect("the heading").1;
    let section = section.split("\n#").next().expect("a text");
    let fenced = section.split("\n```").skip(1).step_by(2);
    fenced.map(|block| block.split_once('\n').expect("a language").1.to_owned()).collect()
}

/// The program `rony`, from the same build as this test.
fn rony() -> PathBuf {
    let rony = PathBuf::from(env!("CARGO_BIN_EXE_socket")).with_file_name("rony");
    assert!(rony.is_file(), "{} is not there: cargo build -p rony-server", rony.display());
    rony
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace()
}

#[tokio::test]
async fn two_people_talk_by_what_the_readme_says() {
    let blocks = blocks("### Two people talk at a terminal");
    let [ask_for_link, ann, bob, post, reply, read] = &blocks[..] else {
        panic!("other blocks than this test knows: {blocks:#?}");
    };
    let folder = tempfile::tempdir().expect("a folder");
    let mut serve = Command::new(rony());
    serve.args(words("serve --port 0 --metrics off")).current_dir(folder.path()).env_clear();
    let mut server = Program::start(&mut serve);
    let said = server.until("Set up").await;
    let link = said.last().and_then(|line| words(line).last()).expect("a link").to_owned();

    let mut shell = Program::start(Command::new("bash").env("NO_PROXY", "localhost"));
    shell.give(&format!("{ask_for_link}\n{link}")).await;
    let invite = shell.run(ann).await.pop().expect("a link");
    assert!(invite.contains("/join#"), "{invite}");
    let command = shell.run(bob).await.pop().expect("a command");
    let arguments = command.strip_prefix(SOCKET).expect("the command that starts the client");
    let mut client = Program::start(Command::new(env!("CARGO_BIN_EXE_socket")).args(words(arguments)));

    client.until(r#""type":"hello""#).await;
    shell.run(post).await;
    client.until("Hello Bob").await;
    client.give(reply).await;
    client.until(r#""type":"ack""#).await;
    let both = shell.run(read).await.join("\n");
    assert!(both.contains("Hello Bob") && both.contains("Hello Ann"), "{both}");
}
