//! Puts mutants into a source text, each behind a call that asks for its number.

use crate::Mutant;
use std::collections::BTreeMap;
use std::ops::Range;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// What `mutant` is in the rewritten crate. The number is read once. `record` is none: it writes down
/// which mutants are asked for, without allocating, since some tests count that. While constants are
/// worked out there is no environment: the compiler then names the place, and the mutants there are
/// taken out.
pub const ASKS: &str = r#"
#[doc(hidden)]
pub(crate) const fn mutant(number: usize) -> bool {
    const fn early(_: usize) -> bool {
        panic!("a mutant in a constant")
    }
    core::intrinsics::const_eval_select((number,), early, asked::is)
}

mod asked {
    extern crate std;
    use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
    use std::io::Write;

    const UNREAD: usize = usize::MAX;
    const RECORD: usize = usize::MAX - 1;
    static CHOSEN: AtomicUsize = AtomicUsize::new(UNREAD);
    static REACHED: [AtomicBool; 1 << 16] = [const { AtomicBool::new(false) }; 1 << 16];
    static RECORDS: std::sync::OnceLock<std::fs::File> = std::sync::OnceLock::new();

    #[inline]
    pub(super) fn is(number: usize) -> bool {
        let chosen = CHOSEN.load(Relaxed);
        if chosen < RECORD { chosen == number } else { slowly(number) }
    }

    #[cold]
    fn slowly(number: usize) -> bool {
        if CHOSEN.load(Relaxed) == UNREAD {
            let text = std::env::var("MUTANT").unwrap_or_default();
            CHOSEN.store(if text == "record" { RECORD } else { text.parse().unwrap_or(0) }, Relaxed);
        }
        if CHOSEN.load(Relaxed) != RECORD {
            return CHOSEN.load(Relaxed) == number;
        }
        if !REACHED[number].swap(true, Relaxed) {
            let mut records =
                RECORDS.get_or_init(|| std::fs::File::create(std::env::var("MUTANT_RECORDS").unwrap()).unwrap());
            records.write_all(&(number as u32).to_le_bytes()).unwrap();
        }
        false
    }
}
"#;

/// A source with mutants in it.
#[derive(Default)]
pub struct Rewritten {
    pub text: String,
    inserted: Vec<Inserted>,
}

struct Inserted {
    range: Range<usize>,
    mutants: Vec<usize>,
    own: bool,
}

impl Rewritten {
    pub fn prepend(&mut self, text: &str) {
        self.text.insert_str(0, text);
        for it in &mut self.inserted {
            it.range = it.range.start + text.len()..it.range.end + text.len();
        }
    }

    /// The mutants that `range` of the text is about, and whether it lies in what was written for a
    /// single one.
    pub fn about(&self, range: &Range<usize>) -> (&[usize], bool) {
        let around = |it: &&Inserted| it.range.start <= range.start && range.end <= it.range.end;
        let narrowest = self.inserted.iter().filter(around).min_by_key(|it| (it.range.len(), !it.own));
        narrowest.map_or((&[], false), |it| (&it.mutants, it.own))
    }
}

/// One piece of text that goes in before or after a range of the source.
enum Piece {
    Text(String),
    Own(usize, String),
}

/// What goes around a range of the source.
#[derive(Default)]
struct Wrap {
    before: Vec<Piece>,
    after: String,
    mutants: Vec<usize>,
}

/// Puts all `mutants` of one file into its `source`; gives the numbers of those that have no place, too.
pub fn rewrite(source: &str, mutants: &[&Mutant]) -> (Rewritten, Vec<usize>) {
    let mut finder = Finder { lines: lines(source), mutants, found: Vec::new(), above: None };
    finder.visit_file(&syn::parse_file(source).expect("what compiles can be parsed"));
    for mutant in mutants.iter().filter(|it| it.genre == "FnValue") {
        let range = finder.offset(mutant.start)..finder.offset(mutant.end);
        finder.found.push((Place::Body, range, mutant.number));
    }
    let lines = finder.lines;
    let by_number: BTreeMap<usize, &Mutant> = mutants.iter().map(|it| (it.number, *it)).collect();
    let mut places: BTreeMap<(usize, std::cmp::Reverse<usize>, Place), Vec<usize>> = BTreeMap::new();
    for (place, range, number) in finder.found {
        places.entry((range.start, std::cmp::Reverse(range.end), place)).or_default().push(number);
    }
    let lost = by_number.keys().filter(|it| !places.values().any(|numbers| numbers.contains(it))).copied().collect();

    // By their start, the outer before the inner; the ends come by a stack.
    let mut out = Rewritten::default();
    let mut open: Vec<(usize, usize, Wrap)> = Vec::new();
    let mut done = 0;
    let close = |out: &mut Rewritten, done: &mut usize, (end, start, wrap): (usize, usize, Wrap)| {
        out.text.push_str(&source[*done..end]);
        *done = end;
        out.text.push_str(&wrap.after);
        out.inserted.push(Inserted { range: start..out.text.len(), mutants: wrap.mutants, own: false });
    };
    for ((start, std::cmp::Reverse(end), place), numbers) in places {
        while open.last().is_some_and(|(end, ..)| *end <= start) {
            close(&mut out, &mut done, open.pop().expect("it is there"));
        }
        out.text.push_str(&source[done..start]);
        done = start;
        let chosen: Vec<&Mutant> = numbers.iter().map(|number| by_number[number]).collect();
        let wrap = wrap(source, &lines, place, start..end, &chosen);
        let begin = out.text.len();
        for piece in wrap.before.iter() {
            let from = out.text.len();
            match piece {
                Piece::Text(text) => out.text.push_str(text),
                Piece::Own(number, text) => {
                    out.text.push_str(text);
                    out.inserted.push(Inserted { range: from..out.text.len(), mutants: vec![*number], own: true });
                }
            }
        }
        open.push((end, begin, wrap));
    }
    while let Some(last) = open.pop() {
        close(&mut out, &mut done, last);
    }
    out.text.push_str(&source[done..]);
    (out, lost)
}

/// Where a mutant goes; of two at the same place the first one goes around the other.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Body,
    Match,
    ArmWithoutGuard,
    Guard,
    Expression,
}

fn wrap(source: &str, lines: &[&str], place: Place, range: Range<usize>, mutants: &[&Mutant]) -> Wrap {
    let mut wrap = Wrap { mutants: mutants.iter().map(|it| it.number).collect(), ..Wrap::default() };
    let asks = |number: usize| format!("crate::mutant({number})");
    match place {
        Place::Match => {}
        Place::Body => {
            for mutant in mutants {
                let value = if mutant.replacement == "()" { "" } else { &mutant.replacement };
                let text = format!("if {} {{ return {value}; }} ", asks(mutant.number));
                wrap.before.push(Piece::Own(mutant.number, text));
            }
        }
        Place::ArmWithoutGuard => {
            for mutant in mutants {
                wrap.before.push(Piece::Own(mutant.number, format!(" if !{}", asks(mutant.number))));
            }
        }
        Place::Guard => {
            // deleted arm: !m && …; true: (m || …); false: (!m && …)
            for mutant in mutants {
                let text = match mutant.replacement.as_str() {
                    "true" => format!("{} || ", asks(mutant.number)),
                    _ => format!("!{} && ", asks(mutant.number)),
                };
                wrap.before.push(Piece::Own(mutant.number, text));
                wrap.before.push(Piece::Text("(".into()));
                wrap.after.push(')');
            }
        }
        Place::Expression => {
            wrap.before.push(Piece::Text("(".into()));
            for mutant in mutants {
                let (start, end) = (offset(lines, mutant.start), offset(lines, mutant.end));
                let changed = [&source[range.start..start], &mutant.replacement, &source[end..range.end]].concat();
                let text = format!("if {} {{ {changed} }} else ", asks(mutant.number));
                wrap.before.push(Piece::Own(mutant.number, text));
            }
            wrap.before.push(Piece::Text("{ ".into()));
            wrap.after = " })".into();
        }
    }
    wrap
}

/// The lines of a text with their ends.
fn lines(source: &str) -> Vec<&str> {
    source.split_inclusive('\n').collect()
}

/// Lines and columns count from 1, and columns count characters.
fn offset(lines: &[&str], (line, column): (usize, usize)) -> usize {
    let before: usize = lines[..line - 1].iter().map(|line| line.len()).sum();
    before + lines[line - 1].chars().take(column - 1).map(char::len_utf8).sum::<usize>()
}

struct Finder<'a> {
    lines: Vec<&'a str>,
    mutants: &'a [&'a Mutant],
    found: Vec<(Place, Range<usize>, usize)>,
    /// The outermost of the operators that follow each other without a bracket: what is changed in one of
    /// them may tie its neighbours otherwise.
    above: Option<Range<usize>>,
}

impl Finder<'_> {
    fn offset(&self, at: (usize, usize)) -> usize {
        offset(&self.lines, at)
    }

    /// Those of a genre that start where `at` does.
    fn at(&self, genre: &str, at: usize) -> Vec<&Mutant> {
        self.mutants.iter().filter(|it| it.genre == genre && self.offset(it.start) == at).copied().collect()
    }

    fn put(&mut self, genre: &str, at: usize, place: Place, range: Range<usize>) {
        let numbers: Vec<usize> = self.at(genre, at).iter().map(|it| it.number).collect();
        self.found.extend(numbers.into_iter().map(|number| (place, range.clone(), number)));
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_expr(&mut self, expr: &'ast syn::Expr) {
        let above = self.above.take();
        let range = expr.span().byte_range();
        match expr {
            syn::Expr::Binary(binary) => {
                let whole = above.unwrap_or(range);
                self.put("BinaryOperator", binary.op.span().byte_range().start, Place::Expression, whole.clone());
                for side in [&binary.left, &binary.right] {
                    self.above = matches!(**side, syn::Expr::Binary(_)).then(|| whole.clone());
                    self.visit_expr(side);
                }
                self.above = None;
                return;
            }
            syn::Expr::Unary(unary) => {
                self.put("UnaryOperator", unary.op.span().byte_range().start, Place::Expression, range);
            }
            syn::Expr::Struct(it) => {
                for field in &it.fields {
                    self.put("StructField", field.span().byte_range().start, Place::Expression, range.clone());
                }
            }
            syn::Expr::Match(it) => {
                for arm in &it.arms {
                    let (place, at) = match &arm.guard {
                        Some((_, guard)) => {
                            let at = guard.span().byte_range();
                            self.put("MatchArmGuard", at.start, Place::Guard, at.clone());
                            (Place::Guard, at)
                        }
                        None => {
                            let end = arm.pat.span().byte_range().end;
                            (Place::ArmWithoutGuard, end..end)
                        }
                    };
                    let start = arm.span().byte_range().start;
                    self.put("MatchArm", start, place, at);
                    self.put("MatchArm", start, Place::Match, range.clone());
                }
            }
            _ => {}
        }
        visit::visit_expr(self, expr);
    }
}
