//! The HTML report as a reader opens it from an email: from the disk, in a browser.

use serde_json::{Value, json};

use crate::harness::World;
use crate::page::Page;

/// Users who exist; the sheet has some more rows.
const PEOPLE: usize = 96;

/// The visible cells of a column of the table, from top to bottom.
const COLUMN: &str = "
    const heads = [...document.querySelectorAll('#all thead th')];
    const at = heads.findIndex((head) => head.innerText.trim() === arguments[0]);
    const rows = [...document.querySelectorAll('#all tbody tr')].filter((row) => !row.hidden);
    return rows.map((row) => row.cells[at].innerText.trim());";

/// Everything in the page that names another address or could load something from one.
const FROM_ELSEWHERE: &str = "
    const named = [...document.querySelectorAll('[src], [srcset], [data], link, a[href], use, image')];
    const inside = (one) => (one.getAttribute('href') || '').startsWith('#');
    return [
        ...named.filter((one) => !inside(one)).map((one) => one.outerHTML),
        ...[...document.scripts].filter((one) => one.src).map((one) => one.src),
        ...performance.getEntriesByType('resource').map((one) => one.name),
    ];";

/// Another user puts a script and a picture into the page: the page's own policy blocks them.
const ATTACK: &str = "
    const done = arguments[arguments.length - 1], refused = [];
    document.addEventListener('securitypolicyviolation', (event) => {
        refused.push(event.effectiveDirective);
        if (refused.length === 2) done([refused.sort(), window.attacked ?? null]);
    });
    const script = document.createElement('script');
    script.textContent = 'window.attacked = true';
    document.body.append(script);
    document.body.append(Object.assign(new Image(), { src: 'http://127.0.0.1:9/picture.png' }));";

fn column(page: &Page, heading: &str) -> Vec<String> {
    let cells = page.browser.script(COLUMN, &[heading.into()]);
    let cells = cells.as_array().expect("a list").iter();
    cells.map(|cell| cell.as_str().expect("a text").to_owned()).collect()
}

/// Opens the report of a run of a hundred rows.
fn open() -> Page {
    let mut world = World::new();
    let mail = |at: usize| format!("r{at}@banc.ly");
    let people: Vec<_> =
        (1..=PEOPLE).map(|at| json!({ "email": mail(at), "name": format!("R {at}") })).collect();
    let was_in = json!([{ "email": mail(7), "group": "readers" }]);
    world.seed(
        json!({ "people": people, "groups": [{ "name": "readers" }], "memberships": was_in }),
    );
    let mut sheet = "Email,Group,Note\n".to_owned();
    for at in 1..=PEOPLE {
        sheet += &format!("{},readers,note {at}\n", mail(at));
    }
    sheet += "gone@banc.ly,readers,<script>window.attacked = true</script>\n\
        r1@banc.ly,reader,\"<img src=x onerror='window.attacked = true'>\"\n\
        r2@banc.ly,readers,the second time\n\
        r3@banc.ly,nowhere,\n";
    world.file("r.csv", sheet);
    world.fault(json!({
        "method": "POST", "path": "/rest/api/3/group/user", "nth": 40, "answer": { "status": 403 }
    }));
    world.run("member add r.csv --yes --report report.html").exit(1);
    let page = Page::open(world);
    page.browser.go(&format!("file://{}", page.world.path("report.html").display()));
    page.browser.says("Members added to groups");
    page
}

#[test]
fn the_report_is_looked_at_sorted_and_searched() {
    let page = open();
    page.browser.says("Skipped (3 rows)");
    page.browser.says("and 82 more");
    page.browser.lacks("Rows a second");
    page.look("report");
    let in_order: Vec<_> = (1..=PEOPLE + 4).map(|row| row.to_string()).collect();
    assert_eq!(column(&page, "Row"), in_order);
    // A click on a heading sorts, and a second one reverses; numbers are sorted as numbers.
    page.browser.press("Row");
    assert_eq!(column(&page, "Row"), in_order);
    page.browser.press("Row");
    let reversed: Vec<_> = in_order.iter().rev().cloned().collect();
    assert_eq!(column(&page, "Row"), reversed);
    page.browser.press("Outcome");
    let outcomes = column(&page, "Outcome");
    assert!(outcomes.is_sorted(), "{outcomes:?}");
    let counted = |word: &str| outcomes.iter().filter(|outcome| *outcome == word).count();
    let all = ["changed", "failed", "skipped", "unchanged"].map(counted);
    assert_eq!(all, [PEOPLE - 2, 1, 4, 1]);
    let sorted = "return [...document.querySelectorAll('#all [aria-sort]')]
        .map((head) => head.innerText + ' ' + head.getAttribute('aria-sort'))";
    assert_eq!(page.browser.script(sorted, &[]), json!(["Outcome ascending"]));
    // Only rows that match the search.
    page.browser.write("#find", "R42@banc.ly");
    page.browser.says("1 of 100 rows");
    assert_eq!(column(&page, "Note"), ["note 42"]);
}

/// The number of lines of each address in the page.
const LINES: &str = "
    const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
    const lines = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        for (const word of node.data.matchAll(/\\S+@\\S+/g)) {
            const range = document.createRange();
            range.setStart(node, word.index);
            range.setEnd(node, word.index + word[0].length);
            const tops = [...range.getClientRects()].map((box) => Math.round(box.top));
            if (tops.length > 0) lines.push(new Set(tops).size);
        }
    }
    return lines;";

/// An address is always on one line, even in a narrow window. A longer cell does not make the table wider.
#[test]
fn an_address_is_not_broken_and_a_long_cell_is() {
    let mut world = World::new();
    let long = "anna-maria.von-berg@a-dep.example.com";
    let endless = "x".repeat(4_000);
    world.file(
        "r.csv",
        format!("Email,Group,Note\n{long},site-admins,{endless}\nb@c.de,site-admins,\n"),
    );
    world.run("member add r.csv --yes --report report.html").exit(1);
    let page = Page::open(world);
    page.browser.go(&format!("file://{}", page.world.path("report.html").display()));
    page.browser.says("Members added to groups");
    for wide in [1280, 380] {
        let size = json!({ "width": wide, "height": 800, "deviceScaleFactor": 1, "mobile": false });
        page.browser.command("Emulation.setDeviceMetricsOverride", &size);
        let lines = page.browser.script(LINES, &[]);
        let lines = lines.as_array().expect("a list");
        assert!(lines.len() >= 8, "{lines:?}");
        assert!(lines.iter().all(|lines| *lines == 1), "{wide}: {lines:?}");
        let over =
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        assert_eq!(page.browser.script(over, &[]), 0, "the page is wider than {wide}");
        let table = page.browser.script("return document.querySelector('#all').offsetWidth", &[]);
        assert!(table.as_u64() < Some(2_600), "{table}");
    }
}

/// Nothing is loaded from another place, and cells are only shown.
#[test]
fn the_report_is_one_file_and_runs_nothing_of_others() {
    let page = open();
    assert_eq!(page.browser.script(FROM_ELSEWHERE, &[]), json!([]));
    let notes = column(&page, "Note");
    assert_eq!(notes[PEOPLE], "<script>window.attacked = true</script>");
    assert_eq!(page.browser.script("return window.attacked ?? null", &[]), Value::Null);
    let refused = json!([["img-src", "script-src-elem"], null]);
    assert_eq!(page.browser.script_later(ATTACK), refused);
}
