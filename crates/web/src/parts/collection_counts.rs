//! The counts of Postman's runner.

use headcount_app::words::thousands;
use headcount_collections::{Total, Totals};
use maud::{Markup, html};

/// The table.
pub fn show(totals: &Totals) -> Markup {
    let rows = [
        ("Iterations", totals.iterations),
        ("Requests", totals.requests),
        ("Test scripts", totals.test_scripts),
        ("Pre-request scripts", totals.prerequest_scripts),
        ("Assertions", totals.assertions),
    ];
    html! {
        div.scroll.narrow tabindex="0" role="region" aria-label="Postman's counts" {
            table.totals {
                thead { tr { th scope="col" { "Postman's counts" } th.number scope="col" { "Total" } th.number scope="col" { "Failed" } } }
                tbody {
                    @for (name, Total(total, failed)) in rows {
                        tr {
                            th scope="row" { (name) }
                            td.number { (thousands(total)) }
                            td.number { @if failed > 0 { strong.bad { (thousands(failed)) } } @else { "0" } }
                        }
                    }
                }
            }
        }
    }
}
