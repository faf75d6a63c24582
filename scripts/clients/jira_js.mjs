// `jira.js` with its defaults, versions 2 and 3 of the interface.

import { HttpException, Version2Client, Version3Client } from "jira.js";

import { Report } from "./report.mjs";

const report = new Report("jira.js");
const card = await report.control("card");
const as = (email, apiToken) => ({ host: card.url, authentication: { basic: { email, apiToken } } });

const ids = (users) => users.map((user) => user.accountId).join();

async function run(Client, name) {
  const jira = new Client(as(card.email, card.api_token));
  const plain = new Client(as("jfloat@banc.ly", "sandbox-plain-token"));
  const wrong = new Client(as(card.email, "wrong"));
  const [verna, owner] = [await report.account("vdillow@banc.ly"), await report.account("jfloat@banc.ly")];
  const call = (path, parameters, expects, client = jira) => {
    const [part, method] = path.split(".");
    return report.call(`${name}.${path}`, () => client[part][method](parameters), expects);
  };
  const refused = (path, parameters, status, text, client = jira) => {
    const [part, method] = path.split(".");
    return report.refused(`${name}.${path}`, () => client[part][method](parameters), HttpException, status, text);
  };

  await call("serverInfo.getServerInfo", undefined, (info) => info.deploymentType === "Cloud");
  await call("myself.getCurrentUser", undefined, (me) => me.emailAddress === card.email);
  await call("myself.getCurrentUser", { expand: "groups,applicationRoles" }, (me) => me.groups.size === me.groups.items.length);
  await refused("myself.getCurrentUser", undefined, 401, "", wrong);
  await call("myself.getLocale", undefined, (locale) => locale.locale === "en_US");
  await call("myself.getPreference", { key: "user.notifications.mimetype" }, (value) => value === "html");
  // The client sends no value, which a site refuses.
  await refused("myself.setPreference", { key: "mine" }, 404);
  await refused("myself.removePreference", { key: "mine" }, 404);

  await call("permissions.getMyPermissions", { permissions: "ADMINISTER" }, (all) => all.permissions.ADMINISTER.havePermission);
  await call("permissions.getMyPermissions", { permissions: "ADMINISTER,USER_PICKER" }, (all) => !all.permissions.ADMINISTER.havePermission, plain);
  await refused("permissions.getMyPermissions", { permissions: "FLY" }, 400, "FLY");
  await call("permissions.getAllPermissions", undefined, (all) => all.permissions.USER_PICKER.type === "GLOBAL");
  const projects = [{ permissions: ["BROWSE_PROJECTS"], projects: [10000] }];
  await call("permissions.getBulkPermissions", { accountId: owner, globalPermissions: ["ADMINISTER"], projectPermissions: projects }, (all) => all.globalPermissions.length === 0 && all.projectPermissions[0].projects[0] === 10000);
  await refused("permissions.getBulkPermissions", { accountId: verna, globalPermissions: ["ADMINISTER"] }, 403, "", plain);
  await call("permissions.getPermittedProjects", { permissions: ["BROWSE_PROJECTS"] }, (all) => all.projects[0].key === "SAND");
  await call("applicationRoles.getAllApplicationRoles", undefined, (roles) => roles.length === 4);
  await call("applicationRoles.getApplicationRole", { key: "jira-software" }, (role) => role.defined);
  await refused("applicationRoles.getApplicationRole", { key: "none" }, 404);

  const made = await call("users.createUser", { emailAddress: "made@banc.ly", products: ["jira-software"] }, (user) => user.emailAddress === "made@banc.ly");
  const accountId = made.accountId;
  await refused("users.createUser", { emailAddress: "made@banc.ly", products: ["none"] }, 400);
  await refused("users.createUser", { emailAddress: "other@banc.ly", products: [] }, 403, "", plain);
  await call("users.getUser", { accountId, expand: "groups,applicationRoles" }, (user) => user.groups.items.length === 1);
  await refused("users.getUser", { accountId: "712020:nobody" }, 404, "Specified user does not exist");
  await call("users.bulkGetUsers", { accountId: [accountId], startAt: 0, maxResults: 1 }, (page) => page.isLast && ids(page.values) === accountId);
  // The client encodes a list of several as one value, which names nobody.
  await call("users.bulkGetUsers", { accountId: [accountId, verna] }, (page) => page.total === 0);
  await call("users.bulkGetUsersMigration", { username: ["fred"] }, (users) => users.length === 0);
  await call("users.getUserGroups", { accountId }, (groups) => groups.length === 1);
  await call("users.getAllUsersDefault", { maxResults: 1000 }, (users) => ids(users).includes(accountId));
  await call("users.getAllUsers", { startAt: 1, maxResults: 2 }, (users) => users.length === 2);
  await refused("users.getUserEmail", { accountId }, 401);
  await refused("users.getUserEmailBulk", { accountId: [accountId] }, 401);
  await call("users.getUserDefaultColumns", { accountId }, (columns) => columns.length > 5);
  await call("users.setUserColumns", { accountId, columns: ["issuekey", "summary"] });
  await call("users.getUserDefaultColumns", { accountId }, (columns) => columns.map((one) => one.value).join() === "issuekey,summary");
  await call("users.resetUserColumns", { accountId });
  await call("users.getUserDefaultColumns", undefined, (columns) => columns.length > 5);
  await refused("users.getUserDefaultColumns", { accountId }, 403, "", plain);
  await call("issueNavigatorSettings.getIssueNavigatorDefaultColumns", undefined, (columns) => columns.length > 5);

  await call("userProperties.setUserProperty", { accountId, propertyKey: "office", propertyValue: { city: "Oslo" } });
  await call("userProperties.getUserPropertyKeys", { accountId }, (all) => all.keys[0].key === "office");
  await call("userProperties.getUserProperty", { accountId, propertyKey: "office" }, (one) => one.value.city === "Oslo");
  await call("userSearch.findUsers", { property: "office.city=Oslo" }, (users) => ids(users) === accountId);
  await call("userSearch.findUsersByQuery", { query: '[office].city is "Oslo"' }, (page) => ids(page.values) === accountId);
  await call("userSearch.findUserKeysByQuery", { query: "is watcher of (SAND-1, SAND-2)" }, (page) => page.total === 0);
  await refused("userSearch.findUsersByQuery", { query: "is" }, 400);
  await call("userProperties.deleteUserProperty", { accountId, propertyKey: "office" });
  await refused("userProperties.getUserProperty", { accountId, propertyKey: "office" }, 404);

  await call("userSearch.findUsers", { query: "made@banc.ly" }, (users) => ids(users) === accountId);
  await call("userSearch.findUsers", { query: "nobody of this name" }, (users) => users.length === 0);
  await call("userSearch.findUsersForPicker", { query: "made", showAvatar: true }, (found) => found.users[0].html.startsWith("<strong>made") && found.users[0].avatarUrl);
  await call("userSearch.findUsersForPicker", { query: "made", excludeAccountIds: [accountId] }, (found) => found.total === 0);
  await call("groupAndUserPicker.findUsersAndGroups", { query: "oslo" }, (found) => found.groups.groups[0].name === "oslo-engineering" && found.users.total === 0);
  await call("userSearch.findUsersWithAllPermissions", { query: "made", permissions: "BROWSE_PROJECTS", projectKey: "SAND" }, (users) => ids(users) === accountId);
  await refused("userSearch.findUsersWithAllPermissions", { query: "made", permissions: "BROWSE_PROJECTS", projectKey: "NONE" }, 404);
  await refused("userSearch.findUsersWithAllPermissions", { query: "made", permissions: "BROWSE_PROJECTS", projectKey: "SAND" }, 403, "", plain);
  await call("userSearch.findUsersWithBrowsePermission", { query: "made", projectKey: "SAND" }, (users) => ids(users) === accountId);
  await call("userSearch.findAssignableUsers", { query: "made", project: "SAND" }, (users) => ids(users) === accountId);
  await call("userSearch.findBulkAssignableUsers", { query: "made", projectKeys: "SAND" }, (users) => ids(users) === accountId);

  const group = await call("groups.createGroup", { name: "made" }, (found) => found.name === "made");
  const groupId = group.groupId;
  await refused("groups.createGroup", { name: "made" }, 400, "already exists");
  await call("groups.bulkGetGroups", { groupName: ["R&D"] }, (page) => page.values[0].name === "R&D");
  await call("groups.bulkGetGroups", { groupId: [groupId] }, (page) => page.values[0].name === "made");
  await call("groups.findGroups", { query: "MADE", caseInsensitive: true }, (found) => found.groups[0].groupId === groupId);
  await call("groups.findGroups", { query: "made", excludeId: [groupId] }, (found) => found.total === 0);
  await call("groups.addUserToGroup", { groupId, accountId }, (found) => found.groupId === groupId);
  await refused("groups.addUserToGroup", { groupId, accountId }, 400, "already a member");
  await refused("groups.addUserToGroup", { groupId, accountId: "712020:nobody" }, 404);
  await call("groups.getUsersFromGroup", { groupId, includeInactiveUsers: true }, (page) => ids(page.values) === accountId && page.isLast);
  await call("groups.removeUserFromGroup", { groupId, accountId });
  await refused("groups.removeUserFromGroup", { groupId, accountId }, 400);
  await call("groups.removeGroup", { groupId });
  await refused("groups.getUsersFromGroup", { groupId }, 404);
  await call("users.removeUser", { accountId });
  await refused("users.getUser", { accountId }, 404);
  await report.control("reset", {});
}

await run(Version3Client, "Version3Client");
await run(Version2Client, "Version2Client");
await report.end();
