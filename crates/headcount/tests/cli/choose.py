"""Which users some filters list, from the raw listing: written apart from headcount, to compare with it.

    python3 choose.py CARD FILTERS      both as JSON; prints the account ids as a JSON list
"""

import datetime
import json
import sys
import urllib.request

card, wanted = json.loads(sys.argv[1]), json.loads(sys.argv[2])
ORG = f"{card['url']}/admin/v2/orgs/{card['org_id']}"


def pages(path, body):
    rows, body = [], dict(body, limit=100)
    while True:
        headers = {"Authorization": f"Bearer {card['org_api_key']}", "Content-Type": "application/json"}
        request = urllib.request.Request(ORG + path, json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request) as answer:
            page = json.load(answer)
        rows += page["data"]
        body["cursor"] = page.get("links", {}).get("next")
        if not body["cursor"]:
            return rows


def days_since(stamp):
    then = datetime.datetime.fromisoformat(stamp.replace("Z", "+00:00"))
    return (datetime.datetime.now(datetime.timezone.utc) - then).total_seconds() / 86400


def members(name):
    groups = pages("/directories/-/groups/search", {"groupNames": [name]})
    ids = [group["id"] for group in groups if group["name"] == name]
    return {user["accountId"] for user in pages("/directories/-/users/search", {"groupIds": ids})}


inside = [members(name) for name in wanted.get("group", [])]
outside = [members(name) for name in wanted.get("not-group", [])]
keys = {app["id"]: app["attributes"]["typeKey"] for app in pages("/workspaces", {})}


def uses(user):
    chosen = wanted.get("product", [])
    return [one for one in user["productAccess"] if not chosen or keys[one["id"]] in chosen]


def is_inactive(user):
    days, dates = wanted.get("inactive-days"), [one.get("lastActiveTimestamp") for one in uses(user)]
    # Dates can be a day late.
    border = (days or 0) + 1
    if not dates or any(date and days is not None and days_since(date) < border for date in dates):
        return False
    if any(dates):
        return days is not None
    added = user.get("addedToOrg")
    return wanted.get("never-seen", False) and bool(added) and days_since(added) >= border


WORDS = {"not_invited": "not-invited", "for_deletion": "deleted"}


def is_listed(user):
    return (
        user["accountType"] == "atlassian"
        and ("status" not in wanted or WORDS.get(user["status"], user["status"]) in wanted["status"])
        and ("domain" not in wanted or (user.get("email") or "@").split("@")[1] in wanted["domain"])
        and ("managed" not in wanted or user["claimStatus"] == {"yes": "managed", "no": "unmanaged"}[wanted["managed"]])
        and ("source" not in wanted or user.get("managementSource") == wanted["source"])
        and ("role" not in wanted or f"atlassian/{wanted['role']}" in user["platformRoles"])
        and ("added-before" not in wanted or (user.get("addedToOrg") or "9")[:10] < wanted["added-before"])
        and ("product" not in wanted or bool(uses(user)))
        and (not inside or any(user["accountId"] in ids for ids in inside))
        and not any(user["accountId"] in ids for ids in outside)
        and ("inactive-days" not in wanted and "never-seen" not in wanted or is_inactive(user))
    )


everyone = pages("/directories/-/users/search", {"expand": ["productAccess", "platformRoles"]})
print(json.dumps(sorted(user["accountId"] for user in everyone if is_listed(user))))
