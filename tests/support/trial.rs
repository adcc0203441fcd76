//! A harness for tests that may be left out at run time: its lists say so by name, where Rust's own harness could
//! only call them passed.
//!
//! Each file names its tests by [`trials!`], and the binary's `main` lists the files. A test that no list names is
//! dead code, which the lints refuse.

use std::{cell::Cell, panic, process::ExitCode};

use libtest_mimic::{Arguments, Completion, Trial};

use super::needs::{Tested, is_all_required};

/// A test that may be left out.
pub struct Test {
    name: String,
    run: Box<dyn FnOnce() -> Completion + Send>,
    /// Whether it runs only where it is asked for by `--ignored` or `--include-ignored`
    takes_minutes: bool,
}

impl Test {
    /// `module` is the path of the test's module, the binary's name first.
    pub fn new<E: Ending>(module: &str, name: &str, test: fn() -> E) -> Self {
        Self::of(module, name, test)
    }

    /// A test that knows what it is run on.
    pub fn of<E: Ending>(module: &str, name: &str, test: impl FnOnce() -> E + Send + 'static) -> Self {
        let module = module.split_once("::").map_or("", |(_, module)| module);
        let run = Box::new(move || test().completion());
        Self { name: format!("{module}::{name}"), run, takes_minutes: false }
    }

    pub fn taking_minutes(self) -> Self {
        Self { takes_minutes: true, ..self }
    }
}

/// What a test function answers.
pub trait Ending: 'static {
    fn completion(self) -> Completion;
}

impl Ending for () {
    fn completion(self) -> Completion {
        Completion::Completed
    }
}

impl Ending for Tested {
    fn completion(self) -> Completion {
        match self {
            Ok(()) => Completion::Completed,
            Err(lacking) => Completion::ignored_with(lacking.0),
        }
    }
}

/// Lists the tests of a module, for `main`.
#[allow(unused_macros)] // one binary has Rust's own harness
macro_rules! trials {
    ($($test:ident),+ $(,)? $(; takes minutes: $($long:ident),+ $(,)?)?) => {
        pub fn trials() -> Vec<$crate::support::trial::Test> {
            use $crate::support::trial::Test;
            vec![
                $(Test::new(module_path!(), stringify!($test), $test),)+
                $($(Test::new(module_path!(), stringify!($long), $long).taking_minutes(),)+)?
            ]
        }
    };
}
#[allow(unused_imports)]
pub(crate) use trials;

/// Runs tests as Rust's own harness does. A reason leaves all of them out, unless `FOIL_REQUIRE=all` is set or
/// `--include-ignored` or `--ignored` is said.
pub fn run(tests: Vec<Test>, left_out: Option<&'static str>) -> ExitCode {
    let arguments = Arguments::from_args();
    let all = is_all_required() || arguments.include_ignored || arguments.ignored;
    let left_out = left_out.filter(|_| !all);
    let trial = |Test { name, run, takes_minutes }: Test| {
        let run = move || Ok(left_out.map_or_else(run, Completion::ignored_with));
        let kind = if takes_minutes { "takes minutes" } else { "" };
        Trial::ignorable_test(name, run).with_kind(kind).with_ignored_flag(takes_minutes)
    };
    silence_expected_panics();
    let mut trials: Vec<Trial> = tests.into_iter().map(trial).collect();
    trials.sort_by(|a, b| a.name().cmp(b.name()));
    libtest_mimic::run(&arguments, trials).exit_code()
}

thread_local! {
    static EXPECTS_PANICS: Cell<bool> = const { Cell::new(false) };
}

fn silence_expected_panics() {
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if !EXPECTS_PANICS.get() {
            report(info);
        }
    }));
}

/// Does something whose panics its caller catches and tells itself.
pub fn expecting_panics<T>(work: impl FnOnce() -> T) -> T {
    EXPECTS_PANICS.set(true);
    let done = work();
    EXPECTS_PANICS.set(false);
    done
}
