//! The `rony` binary: everything it does is in [`rony_server::cli`].

fn main() -> std::process::ExitCode {
    rony_server::cli::main()
}
