//! The options of a plan in a spreadsheet's form: how users are created, their apps, a message; and the button
//! that makes the plan, with the missing input next to it.

use headcount_app::configuration::choose::choose;
use headcount_app::settings;
use headcount_app::words::many;
use headcount_model::user::Product;
use headcount_people::jobs;
use maud::{Markup, html};

use crate::parts::identity_files;
use crate::state::app::App;
use crate::state::sheet_form::Understood;
use crate::state::sites::context_of;
use crate::state::uploads::{Paper, Said};

/// The part of the form with the options and the button.
pub struct Card {
    /// Apps that are ticked until the user changes them.
    pub defaults: Vec<Product>,
    /// Whether the profile has the directory of an identity provider.
    pub has_directory: bool,
    /// Whether a plan was requested and could not be made yet.
    pub asked: bool,
}

impl Card {
    /// The card of a spreadsheet, with what its profile says.
    pub fn of(app: &App, paper: &Paper, asked: bool) -> Self {
        let context = context_of(&app.context, &paper.site);
        let config = settings::read(&context).ok();
        let chosen = config.and_then(|config| {
            choose(context.profile.as_deref(), &context.environment, &config).ok()
        });
        let has_directory = chosen
            .as_ref()
            .is_some_and(|chosen| chosen.is_sandbox || chosen.scim_directory_id.is_some());
        let defaults = chosen.and_then(|chosen| chosen.default_products);
        let defaults = defaults.unwrap_or_else(|| vec![Product::JiraSoftware]);
        Self { defaults, has_directory, asked }
    }

    /// The options and the button.
    pub fn show(&self, paper: &Paper, said: &Said, understood: &Understood) -> Markup {
        let job = jobs::of(paper.job);
        html! {
            section #plan .card aria-labelledby="plan-title" {
                h2 #plan-title { "Make the plan" }
                @if job.takes("products") {
                    (products(&said.fields.products().unwrap_or_else(|| self.defaults.clone())))
                }
                @if job.takes("message") && !job.takes("by") { (message(said)) }
                @if job.takes("by") && said.fields.invites() { (invitation(said)) }
                @if job.takes("with_members") { (with_members(said)) }
                @if job.takes("revoke_tokens") { (revoke_tokens(said)) }
                @if job.takes("scim") && self.has_directory && !said.fields.invites() { (directory(said)) }
                (identity_files::show(paper, said))
                (self.button(paper, said, understood))
            }
        }
    }

    fn button(&self, paper: &Paper, said: &Said, understood: &Understood) -> Markup {
        let bad = understood.bad();
        let rows = understood.checked.as_ref().map_or(0, |checked| checked.read.rows);
        html! {
            @if !understood.is_ready() {
                p { "First choose, above, what each column is." }
            } @else if rows == bad {
                p {
                    @if rows == 0 { "The spreadsheet has no row." }
                    @else { "No row can be planned yet: correct the marked cells above, or upload another spreadsheet." }
                }
            } @else if bad > 0 {
                label.switch {
                    input type="checkbox" name="skip_bad" value="yes" checked[said.fields.has("skip_bad")];
                    span {
                        @if bad == 1 {
                            "Continue without the row that cannot be read"
                            span.faint { "The report lists it; you can correct it and try it later." }
                        } @else {
                            "Continue without the " (many(bad, "row")) " that cannot be read"
                            span.faint { "The report lists them; you can correct them and try them later." }
                        }
                    }
                }
            }
            @if self.asked { (missing(understood)) }
            @if understood.is_ready() && rows > 0 {
                p.actions {
                    button type="submit" formaction={ "/sheets/" (paper.id) "/plan" } { "Make the plan" }
                    span.faint {
                        @if bad > 0 { "The plan uses what you type into the marked cells. " }
                        "headcount reads the site and changes nothing."
                    }
                }
            }
        }
    }
}

/// Why there is no plan yet, after the user asked for one.
fn missing(understood: &Understood) -> Markup {
    let bad = understood.bad();
    html! {
        @if bad > 0 || !understood.is_ready() {
            div.note.bad role="alert" tabindex="-1" data-focus {
                p.title { strong { "There is no plan yet" } }
                p {
                    @if bad > 0 {
                        (many(bad, "row")) " still cannot be read. Correct the marked cells above, or choose to continue without "
                        @if bad == 1 { "it" } @else { "them" } ", and press the button again."
                    } @else { "headcount does not know yet what each column is; choose it above." }
                }
            }
        }
    }
}

/// The choice of the API that creates users.
pub fn by(invite: bool, is_sandbox: bool) -> Markup {
    html! {
        fieldset.card {
            legend { "How to create the users" }
            label.switch {
                input type="radio" name="by" value="jira" checked[!invite] data-at-once;
                span {
                    "By Jira, with an invitation email"
                    span.faint {
                        "Atlassian sends an email to each new user."
                        @if !is_sandbox { " Needs an API token." }
                    }
                }
            }
            label.switch {
                input type="radio" name="by" value="invite" checked[invite] data-at-once;
                span {
                    "By the organization, without an email or with your own text"
                    span.faint {
                        "Without a text, no email is sent: tell the users yourself that they can sign in."
                        @if !is_sandbox { " Needs an organization API key." }
                    }
                }
            }
            p.faint { "In both ways, users get the products and groups from your spreadsheet." }
        }
    }
}

fn products(ticked: &[Product]) -> Markup {
    html! {
        fieldset {
            legend { "Products for rows without products" }
            // Distinguishes "no app ticked" from "not asked".
            input type="hidden" name="products" value="asked";
            @for product in Product::ALL {
                label.switch {
                    input type="checkbox" name="product" value=(product.key()) checked[ticked.contains(&product)];
                    span { (product_name(product)) }
                }
            }
            p.faint { "Each takes a seat, which may cost money. If you choose none, the users are created without a product." }
        }
    }
}

fn revoke_tokens(said: &Said) -> Markup {
    html! {
        label.switch {
            input type="checkbox" name="revoke_tokens" value="yes" checked[said.fields.has("revoke_tokens")];
            span {
                "Also revoke each user's API tokens, once the account is deactivated"
                span.faint { "This cannot be undone." }
            }
        }
    }
}

fn directory(said: &Said) -> Markup {
    html! {
        label.switch {
            input type="checkbox" name="scim" value="yes" checked[said.fields.has("scim")];
            span {
                "Make the changes through the identity provider's directory"
                span.faint {
                    "Only for users and groups that the directory has; all other rows are left out. "
                    "An identity provider that still runs may reverse the changes at its next sync."
                }
            }
        }
    }
}

fn invitation(said: &Said) -> Markup {
    html! {
        div.field {
            label for="message" { "The text of an email to each user (optional)" }
            input #message name="message" maxlength="500" aria-describedby="message_about"
                value=(said.fields.one("message").unwrap_or_default());
            p #message_about .faint {
                "Atlassian emails an invitation with this text. If it is empty, no email is sent."
            }
        }
    }
}

fn with_members(said: &Said) -> Markup {
    html! {
        label.switch {
            input type="checkbox" name="with_members" value="yes" checked[said.fields.has("with_members")];
            span {
                "Also delete groups that have members"
                span.faint { "headcount first writes the members to a file on this computer, from which you can add them again." }
            }
        }
    }
}

fn message(said: &Said) -> Markup {
    html! {
        div.field {
            label for="message" { "A message to Atlassian with each deactivation (optional)" }
            input #message name="message" maxlength="500" aria-describedby="message_about"
                value=(said.fields.one("message").unwrap_or_default());
            p #message_about .faint {
                "Atlassian stores it with the account as the reason, such as “on parental leave”. Atlassian does not document who can "
                "read it, so assume that the user can. If it is empty, Atlassian uses its own text."
            }
        }
    }
}

/// Atlassian's name of an app.
pub fn product_name(product: Product) -> &'static str {
    match product {
        Product::JiraSoftware => "Jira",
        Product::JiraServicedesk => "Jira Service Management",
        Product::JiraProductDiscovery => "Jira Product Discovery",
        Product::JiraCore => "Jira Work Management",
    }
}
