//! Steps that journeys share about notices.

/// What an independent program makes of a paper.
pub(crate) fn told(program: &str, arguments: &[&str], paper: &std::path::Path) -> String {
    let mut program = std::process::Command::new(program);
    let done = program.args(arguments).arg(paper).args(if arguments.contains(&"-layout") { &["-"][..] } else { &[] });
    let done = done.output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).into_owned()
}
