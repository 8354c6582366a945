//! Bar charts: axes from zero, the spread as a whisker, figures beside the bars; light and dark.

use crate::measure::Spread;
use std::fmt::Write as _;

pub struct Bar {
    pub label: String,
    pub value: Spread,
    /// What stands beside the bar.
    pub figure: String,
    pub ours: bool,
}

const WIDTH: f64 = 860.0;
const LABELS: f64 = 250.0;
const FIGURES: f64 = 170.0;
const TOP: f64 = 62.0;
const ROW: f64 = 26.0;

const STYLE: &str = "\
text{font:13px system-ui,-apple-system,'Segoe UI',sans-serif;fill:#1f2328}\
.title{font-size:15px;font-weight:600}.quiet{fill:#59636e;font-size:12px}\
.back{fill:#fff}.peer{fill:#a3b1c2}.ours{fill:#1a7f5a}.own{font-weight:600}\
.line{stroke:#d1d9e0;stroke-width:1}.whisker{stroke:#1f2328;stroke-width:1.5}\
@media(prefers-color-scheme:dark){text{fill:#f0f6fc}.quiet{fill:#9198a1}.back{fill:#0d1117}\
.peer{fill:#4b5a6b}.ours{fill:#2ea77a}.line{stroke:#3d444d}.whisker{stroke:#f0f6fc}}";

/// A chart of horizontal bars, in the order in which they are given.
pub fn chart(title: &str, subtitle: &str, unit: impl Fn(f64) -> String, bars: &[Bar]) -> String {
    let height = TOP + ROW * bars.len() as f64 + 34.0;
    let most = bars.iter().map(|bar| bar.value.high).fold(0.0, f64::max);
    let step = step(most);
    let span = WIDTH - LABELS - FIGURES;
    let x = |value: f64| LABELS + value / most * span;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\">\
         <title>{title}</title><style>{STYLE}</style><rect class=\"back\" width=\"{WIDTH}\" height=\"{height}\"/>\
         <text class=\"title\" x=\"16\" y=\"26\">{title}</text><text class=\"quiet\" x=\"16\" y=\"46\">{subtitle}</text>\n"
    );
    let bottom = TOP + ROW * bars.len() as f64 + 4.0;
    let mut tick = 0.0;
    while tick <= most {
        let x = x(tick);
        let _ = writeln!(
            svg,
            "<line class=\"line\" x1=\"{x:.1}\" y1=\"{TOP}\" x2=\"{x:.1}\" y2=\"{bottom}\"/>\
             <text class=\"quiet\" x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            bottom + 18.0,
            unit(tick)
        );
        tick += step;
    }
    for (i, bar) in bars.iter().enumerate() {
        let y = TOP + ROW * i as f64 + 4.0;
        let middle = y + 9.0;
        let Spread { low, median, high } = bar.value;
        let (class, own) = if bar.ours { ("ours", " class=\"own\"") } else { ("peer", "") };
        let _ = writeln!(
            svg,
            "<text{own} x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>\
             <rect class=\"{class}\" x=\"{LABELS}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"18\"/>\
             <line class=\"whisker\" x1=\"{:.1}\" y1=\"{middle:.1}\" x2=\"{:.1}\" y2=\"{middle:.1}\"/>\
             <text{own} x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            LABELS - 8.0,
            y + 14.0,
            bar.label,
            x(median) - LABELS,
            x(low),
            x(high),
            x(high) + 8.0,
            y + 14.0,
            bar.figure
        );
    }
    svg + "</svg>\n"
}

/// A round step that makes 4 to 9 ticks.
fn step(most: f64) -> f64 {
    let power = 10_f64.powf((most / 5.0).log10().floor());
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0].map(|factor| factor * power);
    steps.into_iter().find(|step| most / step <= 8.0).unwrap_or(power * 10.0)
}
