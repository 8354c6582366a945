//! Each genre of mutant: what the one program does by number is what a program with that change does.

use crate::Mutant;
use crate::rewrite::{ASKS, rewrite};
use std::fs;
use std::path::Path;
use std::process::Command;

const SOURCE: &str = r#"
#[derive(Debug, Clone, Copy)]
struct Pair { a: i32, b: i32 }
const ZERO: Pair = Pair { a: 0, b: 0 };

fn logic(a: bool, b: bool, c: bool) -> bool {
    a || b && !c // a comment
}
const fn sum(a: i32, b: i32, c: i32) -> i32 { a - b * c }
fn between(x: i32) -> bool { (x + 1 > 2) == (x < 5) }
fn count(mut n: i32) -> i32 { n += n + 1; -n }
fn arm(n: i32, yes: bool) -> &'static str {
    match n {
        0 => "none",
        /* é */ 1 | 2 if yes => "few",
        _ => "many",
    }
}
fn pair() -> Pair { Pair { a: 1, ..ZERO } }
fn grow(list: &mut Vec<i32>) { list.push(1); }

fn main() {
    let all = [false, true];
    for a in all { for b in all { for c in all { print!("{} ", logic(a, b, c)); } } }
    for x in 0..7 { print!("{} {} {} ", sum(x, 2, 3), between(x), count(x)); }
    for n in 0..4 { print!("{} {} ", arm(n, true), arm(n, false)); }
    let mut list = Vec::new();
    grow(&mut list);
    print!("{:?} {list:?}", pair());
}
"#;

/// Genre, a text of which «…» is changed, and into what.
const MUTANTS: [(&str, &str, &str); 23] = [
    ("BinaryOperator", "a «||» b && !c", "&&"),
    ("BinaryOperator", "a || b «&&» !c", "||"),
    ("UnaryOperator", "a || b && «!»c", ""),
    ("FnValue", "«a || b && !c»", "true"),
    ("FnValue", "«a || b && !c»", "false"),
    ("BinaryOperator", "a «-» b * c", "+"),
    ("BinaryOperator", "a «-» b * c", "/"),
    ("BinaryOperator", "a - b «*» c", "+"),
    ("FnValue", "«a - b * c»", "-1"),
    ("BinaryOperator", "(x + 1 «>» 2) == (x < 5)", "=="),
    ("BinaryOperator", "(x «+» 1 > 2) == (x < 5)", "*"),
    ("BinaryOperator", "(x + 1 > 2) «==» (x < 5)", "!="),
    ("BinaryOperator", "(x + 1 > 2) == (x «<» 5)", "<="),
    ("BinaryOperator", "n «+=» n + 1", "*="),
    ("BinaryOperator", "n += n «+» 1", "*"),
    ("UnaryOperator", "«-»n", ""),
    ("MatchArm", "«0 => \"none\",»", ""),
    ("MatchArm", "«1 | 2 if yes => \"few\",»", ""),
    ("MatchArmGuard", "1 | 2 if «yes»", "true"),
    ("MatchArmGuard", "1 | 2 if «yes»", "false"),
    ("StructField", "Pair { «a: 1,» ..ZERO", ""),
    ("FnValue", "«list.push(1);»", "()"),
    ("FnValue", "«Pair { a: 1, ..ZERO }»", "ZERO"),
];

fn run(folder: &Path, name: &str, source: &str, number: usize) -> String {
    let (text, program) = (folder.join(format!("{name}.rs")), folder.join(name));
    if !program.exists() {
        fs::write(&text, source).unwrap();
        let mut command = Command::new("rustc");
        command.args(["--edition=2024", "--cap-lints=allow", "-o"]).arg(&program).arg(text);
        assert!(command.env("RUSTC_BOOTSTRAP", "1").status().unwrap().success(), "{source}");
    }
    let output = Command::new(program).env("MUTANT", number.to_string()).output().unwrap();
    format!("{} {}", output.status, String::from_utf8(output.stdout).unwrap())
}

/// Line and column, as cargo-mutants counts them.
fn place(source: &str, offset: usize) -> (usize, usize) {
    let before = &source[..offset];
    let line = before.rsplit('\n').next().unwrap();
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

#[test]
fn a_number_makes_its_change_and_no_other() {
    let folder = std::env::temp_dir().join(format!("mutants-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let mut mutants = Vec::new();
    let mut changed = Vec::new();
    for (index, (genre, text, replacement)) in MUTANTS.into_iter().enumerate() {
        let parts: Vec<&str> = text.split(['«', '»']).collect();
        let [before, inner, _] = parts[..] else { panic!("{text}") };
        let start = SOURCE.find(&parts.concat()).expect(text) + before.len();
        let end = start + inner.len();
        mutants.push(Mutant {
            number: index + 1,
            genre: genre.into(),
            replacement: replacement.into(),
            start: place(SOURCE, start),
            end: place(SOURCE, end),
            ..Mutant::default()
        });
        changed.push([&SOURCE[..start], replacement, &SOURCE[end..]].concat());
    }
    let (mut rewritten, lost) = rewrite(SOURCE, &mutants.iter().collect::<Vec<_>>());
    assert!(lost.is_empty(), "{lost:?}");
    rewritten.prepend("#![feature(core_intrinsics, const_eval_select)] ");
    rewritten.text.push_str(ASKS);
    let one = |number| run(&folder, "one", &rewritten.text, number);
    assert_eq!(one(0), run(&folder, "none", SOURCE, 0));
    for (index, source) in changed.iter().enumerate() {
        let found = one(index + 1);
        assert_eq!(found, run(&folder, &format!("changed{index}"), source, 0), "{:?}", MUTANTS[index]);
        assert_ne!(found, one(0), "{:?}", MUTANTS[index]);
    }
    fs::remove_dir_all(folder).unwrap();
}
