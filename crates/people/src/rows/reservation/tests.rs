use jiff::civil::{Date, date};

use super::*;
use headcount_sheet::HeadingLine;

const TODAY: Date = date(2026, 11, 30);

/// Whether a cell under a heading holds its row back.
fn holds(heading: &str, cell: &str) -> bool {
    let kinds = kinds(Job::Users, &HeadingLine::of(&[heading]), false);
    reservation(kinds[0], cell, TODAY).is_some()
}

#[test]
fn words_that_keep_a_row_are_found_in_any_text() {
    let cells = "please keep until June|Keep|KEEP until 2027-06-30|Do not deactivate|please do not remove yet|\
        pls don't touch|HR: do not process before June|must not be deactivated|on leave|On Leave (until May)|\
        maternity|Maternity leave|paternity leave|parental leave|sabbatical|long-term sick|back in March|\
        Returning 1 March|returns on Monday|will return|re-hired|rehired|Rehired as contractor|\
        resignation withdrawn|still employed|still works here part time|still needs access|on hold|HOLD|\
        legal hold|wait for HR|not yet|exclude|skip this one|exempt|exception until May|contract extended|\
        extended until 31.12.2027|leave active|no action|ask HR first|check with Ben|tbc|until June|\
        employed until 2027-03-31|bitte behalten|nicht deaktivieren|bitte noch nicht löschen|Elternzeit|\
        in Elternzeit bis Mai|Mutterschutz|beurlaubt|bis auf weiteres|bleibt|kommt zurück|noch aktiv|\
        verlängert bis 31.12.2027|garder|congé maternité|ne pas désactiver|merci de ne pas supprimer|en attente|\
        de retour en mars|jusqu'au 30 juin 2027|no desactivar|mantener|excedencia|baja por maternidad|\
        não desativar|manter|licença maternidade|non disattivare|mantenere|maternità|nie usuń|urlop macierzyński|\
        niet verwijderen|behouden|zwangerschapsverlof|育休中|産休|削除しないで|残してください|产假|육아휴직|보류";
    for cell in cells.split('|') {
        for heading in
            ["Comment", "Notes", "Remarks", "Kommentar", "Info", "Reason", "Status", "X", ""]
        {
            assert!(holds(heading, cell), "{heading}: {cell}");
        }
    }
}

#[test]
fn ordinary_cells_hold_no_row_back() {
    for (heading, cells) in [
        (
            "Notes",
            "left in May|Laptop returned|returned laptop|moved to Oslo|Manager informed|see ticket 4711|resigned|\
             last day 2025-03-31|contract ended|employed until 2025-03-31|until 31.12.2025|keep mailbox 30 days|\
             Keep the laptop|ok|urgent|approved by Ann|ACME-42|access no longer needed|retired|leaver|\
             external, until Dec 2025|hat gekündigt|a démissionné|退職済み|salary: 100|keeper of keys|Holden|\
             weekly standup|do not rehire|Do not re-hire|not eligible for rehire|no longer needed|salary: no change|\
             keep forwarding to Ben|never logged in|do not contact|returned to Oslo|end of contract|deactivate|please deactivate|remove asap|on site|new laptop",
        ),
        (
            "Department",
            "Legal Hold|Leave Management|Wait staff|Retain & Co|Active Directory|Returns|Keep",
        ),
        ("Manager", "Will Hold|Sigrid Keep|Ann Active|Don T. Add"),
        ("Title", "On hold coordinator|Maternity nurse|Parental support"),
        ("User status", "Active|active|Suspended"),
        ("Account status", "Active"),
        ("Status [READ ONLY]", "Active"),
        ("Jira status", "active"),
        ("Status", "terminated|Left|inactive|Deactivated|done|open|x|suspended|2025-05-01"),
        ("Employment status", "Terminated|resigned"),
        ("Last day", "2025-03-31|2026-11-30|31.12.2025|Mar 3, 2024||-|30 Nov 2026"),
        ("Termination date", "11/29/2026|2026-11-29T23:00:00Z|20261129"),
        ("Last seen in Jira - acme", "2027-01-01|Never accessed"),
        ("Last active date [UTC]", "2027-01-01"),
        ("Added to org", "1 Jan 2027"),
        ("License expires", "2027-01-01"),
        ("Mailbox deletion date", "2027-01-01"),
        ("Return equipment by", "2026-11-01"),
        ("Final pay date", "2027-01-31"),
        ("Extension", "4711"),
        ("Rehire eligible", "Yes|No"),
        ("Termination reason", "End of contract|Voluntary"),
        ("Exception", "no|-||none"),
        ("Name", "Keep Hold|On Leave"),
        ("email", "keep@example.com"),
    ] {
        for cell in cells.split('|') {
            assert!(!holds(heading, cell), "{heading}: {cell}");
        }
    }
}

#[test]
fn a_status_of_work_holds_its_row_back() {
    for heading in [
        "Status",
        "State",
        "Employment Status",
        "HR status",
        "Worker status",
        "Estado",
        "Statut",
        "ステータス",
    ] {
        for cell in [
            "active", "Active", "ACTIVE", "rehired", "Returned", "employed", "on leave", "LOA",
            "aktiv", "在職",
        ] {
            assert!(holds(heading, cell), "{heading}: {cell}");
        }
    }
    // Atlassian's export of managed accounts has ids, and `Status`.
    let headings = HeadingLine::of(&["Status", "Employment status"]);
    let kinds = kinds(Job::Users, &headings, true);
    assert_eq!(kinds, [Kind::Fact, Kind::Status]);
}

/// A list of accounts that were not used, made from an export: `Active` is the account's state.
#[test]
fn a_status_next_to_the_last_use_is_that_of_the_account() {
    let of = |line: &str, job: Job| {
        let headings: Vec<&str> = line.split('|').collect();
        kinds(job, &HeadingLine::of(&headings), false)[1]
    };
    for line in [
        "Email|Status|Last login",
        "Email|Status|Last Sign-in",
        "Email|Status|Last active date [UTC]",
        "Email|Status|Last seen in Jira - acme",
        "Email|Status|Days since last activity",
        "E-Mail|Zustand|Letzte Anmeldung",
        "E-mail|Statut|Dernière connexion",
        "Email|Estado|Último inicio de sesión",
        "Email|ステータス|最終 ログイン",
    ] {
        assert_eq!(of(line, Job::Users), Kind::Text, "{line}");
        assert!(reservation(of(line, Job::Users), "Active", TODAY).is_none(), "{line}");
        assert!(reservation(of(line, Job::Users), "on leave", TODAY).is_some(), "{line}");
        assert_eq!(of(line, Job::Memberships), Kind::Text, "{line}");
    }
    for line in [
        "Email|Status|Login",
        "Email|Status|Last day",
        "Email|Status|Last access",
        "Email|Status|Last name",
        "Email|Status|Letzter Arbeitstag",
        "Email|Employment status|Last login",
        "Email|Status|Active until",
        "Email|Status|Active since",
    ] {
        assert_eq!(of(line, Job::Users), Kind::Status, "{line}");
    }
}

#[test]
fn a_day_to_come_holds_its_row_back() {
    let headings = "Last day|Last working day|Termination date|End date|Leaving date|Leave date|Exit date|Effective date|\
        Separation Date|Contract end|Contract end date|Deactivate on|Deactivation date|Offboarding date|Keep until|Active until|Until|\
        Start date|Hire date|Austrittsdatum|Austritt|Letzter Arbeitstag|Vertragsende|Date de départ|Date de fin|\
        Dernier jour|Fecha de baja|Último día|Data de saída|Data di uscita|Ostatni dzień|Einddatum|退職日|最終出勤日";
    let cells = "2027-03-31|2026-12-01|31.12.2027|31.12.27|12/31/2027|31/12/2027|01/12/2026|2027/03/31|20270331|31 Dec 2027|31-Dec-27|\
        December 31, 2027|March 2027|2027-03-31 00:00:00|2027-03-31T10:00:00Z|31. März 2027|1er avril 2027|2027年3月31日|TBD|\
        on leave";
    for heading in headings.split('|') {
        for cell in cells.split('|') {
            assert!(holds(heading, cell), "{heading}: {cell}");
        }
    }
    for (heading, cell) in [
        ("Return date", "2026-01-01"),
        ("Back on", "2027-01-01"),
        ("Exception", "CEO"),
        ("Exempt", "until June"),
        ("Legal hold", "case 4711"),
        ("Keep reason", "audit"),
        ("Ausnahme", "ja, Betriebsrat"),
    ] {
        assert!(holds(heading, cell), "{heading}: {cell}");
    }
}

#[test]
fn the_text_next_to_an_address_is_read_too() {
    for cell in [
        "ann@b.co (keep)",
        "ann@b.co (on leave)",
        "ann@b.co (until June)",
        "Do not touch <ann@b.co>",
        "KEEP <ann@b.co>",
        "Ann, on leave <ann@b.co>",
        "on leave (ann@b.co);",
    ] {
        assert!(next_to_address(cell, TODAY).is_some(), "{cell}");
    }
    for cell in [
        "ann@b.co",
        "Ann Example <ann@b.co>",
        "Will Hold <will@b.co>",
        "ann@b.co (Ann)",
        "Skip Keep (skip@b.co)",
        "<ann@b.co>",
        "keep@b.co",
    ] {
        assert_eq!(next_to_address(cell, TODAY), None, "{cell}");
    }
}
