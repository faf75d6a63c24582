"""`scim2-client` on the identity provider's directory, and `scim2-tester`, which may find the listed differences only."""

import sys
import uuid
from unittest import mock

from httpx2 import Client
from scim2_client import SCIMClientException
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_models import ScimPolicy, ScimProvider, SCIMException
from scim2_tester import Status, check_server, filling
from scim2_tester.checkers import patch_add, patch_replace

from report import Report

report = Report("scim2-client")
card = report.card
if "scim_directory_id" not in card:
    print("scim2-client: this sandbox has no identity provider's directory")
    sys.exit(0)
directory = f"{card['url']}/scim/directory/{card['scim_directory_id']}"


def client(key):
    # Users have an extension of Atlassian's own (the account's id) and `groups`, which the schemas do not describe.
    provider = ScimProvider(policy=ScimPolicy(unknown=ScimPolicy.Unknown.ignore))
    http = Client(base_url=directory, headers={"Authorization": f"Bearer {key}"})
    return SyncSCIMClient(http, provider=provider)


# What scim2-tester may find: a part of its text, and the reason.
DIFFERENCES = [
    ("search_with_attributes: There is nothing at this address", "the interface has no search over all kinds of resources"),
    ("did not remove attribute 'active'", "`active` always has a value"),
    ("unexpected value for 'members'", "the display name of a member is shown, and cannot be set"),
]


def accepted(context, path, *arguments, **options):
    """The tester's values, but emails of a domain that the organization has verified, and users as members."""
    value = random_value(context, path, *arguments, **options)
    name = str(path).rpartition(":")[2].lower()
    if name == "emails.value" and value is not None:
        return f"{uuid.uuid4().hex[:12]}@banc.ly"
    if name == "emails" and value:
        for email in value:
            email.value = f"{uuid.uuid4().hex[:12]}@banc.ly"
    if name == "members" and value:
        for member in value:
            member.type = "User"
    return value


random_value = filling.generate_random_value


def calls():
    scim = client(card["scim_api_key"])
    report.call("discover", scim.discover, lambda done: True)
    User, Group = scim.get_resource_model("User"), scim.get_resource_model("Group")
    report.refused("discover with a wrong key", client("wrong").discover, (SCIMException, SCIMClientException))
    email = "provisioned@banc.ly"
    user = report.call(
        "create a user",
        lambda: scim.create(User(user_name=email, emails=[{"value": email, "type": "work", "primary": True}], name={"given_name": "Pro", "family_name": "Visioned"}, display_name="Pro Visioned", active=True)),
        lambda user: user.id and user.user_name == email,
    )
    report.call("query by userName", lambda: scim.query(User, query_parameters={"filter": f'userName eq "{email}"'}), lambda page: page.total_results == 1 and page.resources[0].id == user.id)
    report.call("query the second page", lambda: scim.query(User, query_parameters={"startIndex": 2, "count": 1}), lambda page: page.start_index == 2)
    report.call("query by id", lambda: scim.query(User, user.id), lambda found: found.user_name == email)
    report.refused("query an unknown id", lambda: scim.query(User, "none"), (SCIMException, SCIMClientException))
    report.call("is in the other interfaces", lambda: report.account(email), lambda account: bool(account))
    user.display_name = "Pro V."
    report.call("replace", lambda: scim.replace(user), lambda found: found.display_name == "Pro V.")
    group = report.call("create a group", lambda: scim.create(Group(display_name="provisioned")), lambda group: group.display_name == "provisioned")
    report.call("query groups", lambda: scim.query(Group, query_parameters={"filter": 'displayName eq "provisioned"'}), lambda page: page.total_results == 1)
    report.call("delete a group", lambda: scim.delete(Group, group.id), lambda done: True)
    report.call("delete a user", lambda: scim.delete(User, user.id), lambda done: True)
    report.refused("query a deleted user", lambda: scim.query(User, user.id), (SCIMException, SCIMClientException))


def tester():
    report.client = "scim2-tester"
    with (
        mock.patch.object(filling, "generate_random_value", accepted),
        mock.patch.object(patch_add, "generate_random_value", accepted),
        mock.patch.object(patch_replace, "generate_random_value", accepted),
    ):
        results = check_server(client(card["scim_api_key"]))
    for result in results:
        told = " ".join(f"{result.title}: {result.reason or ''}".split())
        name = result.resource_type or "directory"
        if result.status in (Status.ERROR, Status.CRITICAL, Status.DEVIATION):
            known = next((why for part, why in DIFFERENCES if part in told), None)
            report.line(known is not None, name, f"{result.status.name} {told[:900]}{f' (differs: {known})' if known else ''}")
        else:
            report.line(True, name, f"{result.status.name} {told[:100]}")


calls()
tester()
# The tester also asks for addresses and methods that cannot be there.
report.end(probes=True)
