"""Python's `jira` with its defaults: `JIRA(server, basic_auth=(email, token))`."""

import warnings

from jira import JIRA, JIRAError

from report import Report

warnings.filterwarnings("ignore")
report = Report("jira (Python)")
card = report.card
verna, owner = report.account("vdillow@banc.ly"), report.account("jfloat@banc.ly")
oslo = report.group("oslo-engineering")


def status(wanted, text=""):
    return lambda error: error.status_code == wanted and text in error.text


jira = report.call(
    "JIRA(server, basic_auth)",
    lambda: JIRA(card["url"], basic_auth=(card["email"], card["api_token"])),
    lambda jira: jira.deploymentType == "Cloud" and jira._is_cloud,
)
plain = JIRA(card["url"], basic_auth=("jfloat@banc.ly", "sandbox-plain-token"))
report.refused("JIRA with a wrong token", lambda: JIRA(card["url"], basic_auth=(card["email"], "wrong")), JIRAError, status(401))
report.refused("JIRA(validate=True)", lambda: JIRA(card["url"], basic_auth=(card["email"], card["api_token"]), validate=True), JIRAError, status(401, "Login failed"))
report.call("JIRA without credentials", lambda: JIRA(card["url"]).server_info()["deploymentType"], lambda kind: kind == "Cloud")
report.call(
    "JIRA(options: version 3)",
    lambda: JIRA(options={"server": card["url"], "rest_api_version": "3"}, basic_auth=(card["email"], card["api_token"])).myself(),
    lambda me: "/rest/api/3/" in me["self"],
)

report.call("server_info", jira.server_info, lambda info: info["versionNumbers"][0] >= 1000 and info["baseUrl"] == card["url"])
report.call("myself", jira.myself, lambda me: me["emailAddress"] == card["email"] and me["active"])
report.call("current_user", jira.current_user, lambda account: account == report.account(card["email"]))
report.call("current_user('displayName')", lambda: jira.current_user("displayName"), lambda name: bool(name))
report.refused("session", jira.session, JIRAError, status(401, "Login failed"))

report.call("search_users(query)", lambda: jira.search_users(query="vdillow@banc.ly"), lambda found: [user.accountId for user in found] == [verna])
report.call("search_users in pages", lambda: jira.search_users(query="a", maxResults=False), lambda found: len(found) > 1)
report.call("search_users(maxResults=1)", lambda: jira.search_users(query="a", startAt=1, maxResults=1), lambda found: len(found) == 1)
report.call("search_users finds nobody", lambda: jira.search_users(query="nobody of this name"), lambda found: found == [])
report.refused("search_users(user)", lambda: jira.search_users("vdillow"), JIRAError, status(400, "GDPR"))
report.call("user", lambda: jira.user(verna), lambda user: user.emailAddress == "vdillow@banc.ly" and user.active)
report.call("user(expand)", lambda: jira.user(owner, expand="groups,applicationRoles"), lambda user: user.groups.size == len(user.groups.items))
report.refused("user that does not exist", lambda: jira.user("712020:nobody"), JIRAError, status(404, "Specified user does not exist"))
report.call("search_assignable_users_for_issues", lambda: jira.search_assignable_users_for_issues(query="jfloat", project="SAND"), lambda found: [user.accountId for user in found] == [owner])
report.refused("search_assignable_users_for_issues, no project", lambda: jira.search_assignable_users_for_issues(query="a"), JIRAError, status(400))
report.call("search_allowed_users_for_issue", lambda: jira.search_allowed_users_for_issue("jfloat", projectKey="SAND"), lambda found: [user.accountId for user in found] == [owner])
report.refused("search_allowed_users_for_issue, no such project", lambda: jira.search_allowed_users_for_issue("a", projectKey="NONE"), JIRAError, status(404))

report.call("my_permissions", lambda: jira.my_permissions(permissions="ADMINISTER,BROWSE_PROJECTS"), lambda all: all["permissions"]["ADMINISTER"]["havePermission"])
report.refused("my_permissions without a key", jira.my_permissions, JIRAError, status(400, "permissions"))
report.call("my_permissions of a user", lambda: plain.my_permissions(permissions="ADMINISTER"), lambda all: not all["permissions"]["ADMINISTER"]["havePermission"])

report.call("groups", jira.groups, lambda names: "oslo-engineering" in names and names == sorted(names))
report.call("groups(query)", lambda: jira.groups(query="oslo"), lambda names: names == ["oslo-engineering"])
report.call("groups(exclude)", lambda: jira.groups(query="oslo", exclude="oslo-engineering"), lambda names: names == [])
report.call("group", lambda: jira.group("oslo-engineering", expand="users"), lambda group: group.name == "oslo-engineering")
# The client does not encode the name: a site is asked for the group `R`.
report.refused("group with signs", lambda: jira.group("R&D"), JIRAError, status(404))
report.refused("group that does not exist", lambda: jira.group("none such"), JIRAError, status(404))
report.call("add_group", lambda: jira.add_group("made by jira"), lambda done: done is True)
report.refused("add_group again", lambda: jira.add_group("made by jira"), JIRAError, status(400))
report.refused("add_group as a user", lambda: plain.add_group("not allowed"), JIRAError, status(403))

# The client fetches members in ranges of an `expand`: `users[50:99]`.
people = [{"email": f"many{number:03}@banc.ly", "name": f"Many {number}"} for number in range(120)]
report.control("seed", {"people": people, "groups": [{"name": "many"}]})
many = report.group("many")
members = [{"account": report.account(person["email"]), "group": many} for person in people]
report.control("seed", {"memberships": members})
report.call("group_members of 120", lambda: jira.group_members("many"), lambda found: len(found) == 120 and sorted(found) == sorted(one["account"] for one in members))
report.call("group_members of nobody", lambda: jira.group_members("made by jira"), lambda found: len(found) == 0)

# Cloud has no user names any more: these calls of the client are for servers, and a site refuses them.
report.refused("add_user_to_group(username)", lambda: jira.add_user_to_group("vdillow", "made by jira"), JIRAError, status(400))
report.refused("remove_user_from_group(username)", lambda: jira.remove_user_from_group("vdillow", "made by jira"), JIRAError, status(400))
report.refused("add_user without products", lambda: jira.add_user("new", "new.one@banc.ly"), JIRAError, status(400, "You must specify the products"))
report.refused("delete_user(username)", lambda: jira.delete_user("vdillow"), JIRAError, status(400))
report.refused("rename_user(username)", lambda: jira.rename_user("vdillow", "verna"), JIRAError, status(404))
report.call("remove_group", lambda: jira.remove_group("made by jira"), lambda done: done is True)
report.refused("remove_group again", lambda: jira.remove_group("made by jira"), JIRAError, status(404))
report.call("User.delete", lambda: jira.user(verna).delete(), lambda done: True)
report.refused("user that was removed", lambda: jira.user(verna), JIRAError, status(404))
report.end()
