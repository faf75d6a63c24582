//! The response times of each call, as bars.

use headcount_journal::CallTimes;
use maud::{Markup, html};

use crate::numbers::milliseconds;
use headcount_model::words::thousands;

/// The response times of each call, as bars.
pub fn calls(calls: &[CallTimes]) -> Markup {
    html! {
        @if !calls.is_empty() {
            figure.chart {
                figcaption {
                    strong { "How long the site took" }
                    span.faint { " – each request, with the wait before it is sent" }
                }
                div.scroll.bare tabindex="0" role="region" aria-label="How long the site took" {
                    (calls_table(calls))
                }
            }
        }
    }
}

fn calls_table(calls: &[CallTimes]) -> Markup {
    let longest = calls.iter().map(|call| call.most).fold(1.0, f64::max);
    html! {
        table.calls {
            thead {
                tr {
                    th scope="col" { "Call" } th.number scope="col" { "Requests" }
                    th.number scope="col" { "Median" } th.number scope="col" { "95th percentile" }
                    th.wider scope="col" { span.hidden { "Picture" } }
                }
            }
            tbody {
                @for call in calls {
                    tr {
                        th scope="row" { code { (call.call) } }
                        td.number {
                            (thousands(call.many))
                            @if call.refused > 0 { br; span.faint { (thousands(call.refused)) " refused by the rate limit" } }
                        }
                        td.number { (milliseconds(call.median)) }
                        td.number { (milliseconds(call.most)) }
                        td {
                            (latency(call, longest))
                        }
                    }
                }
            }
        }
    }
}

/// The median and 95th percentile of a call, on the scale of the slowest call.
fn latency(took: &CallTimes, longest: f64) -> Markup {
    let wide = |time: f64| format!("{:.1}", (time / longest * 100.0).clamp(0.5, 100.0));
    html! {
        svg.latency aria-hidden="true" viewBox="0 0 100 12" preserveAspectRatio="none" {
            rect.most x="0" y="2" width=(wide(took.most)) height="8" {}
            rect.median x="0" y="2" width=(wide(took.median)) height="8" {}
        }
    }
}
