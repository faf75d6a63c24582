//! Jira's calls; each template covers versions 2 and 3.

use super::provenance::{A, D, DA, DKA, DKTA, DT, DTA, TA};
use super::table;
use crate::jira;

table! { Jira
    POST "/rest/api/3/user" Write jira::create_user, DKTA "201 for a user who has access already; text of missing products from a community report; a user without the product gets it (assumption)";
    GET "/rest/api/3/user" Read jira::get_user, DTA "text of the 404 from client trackers; removed users are 404 (assumption)";
    DELETE "/rest/api/3/user" Write jira::delete_user, DA "your own account and synced users \"cannot be removed\" (assumption)";
    GET "/rest/api/3/user/search" Read jira::user_search, DA "words inside the name match too, and a whole hidden email, which is then not shown (assumptions)" anonymous;
    GET "/rest/api/3/users/search" Read jira::users_all, D "";
    GET "/rest/api/3/users" Read jira::users_all, D "";
    GET "/rest/api/3/user/bulk" Read jira::user_bulk, DA "unknown ids are left out; at most 200 a page (assumptions)";
    GET "/rest/api/3/user/groups" Read jira::user_groups, DT "";
    GET "/rest/api/3/myself" Read jira::myself, D "";
    GET "/rest/api/3/mypermissions" Read jira::my_permissions, DA "only the global permissions for users and groups; an organization administrator administers Jira (assumptions)" anonymous;
    GET "/rest/api/3/group/bulk" Read jira::group_bulk, DA "names match exactly, case included (assumption)";
    GET "/rest/api/3/group/member" Read jira::group_members, DA "in the order in which members were added (assumption)";
    POST "/rest/api/3/group/user" Write jira::add_member, DKTA "already a member: 400 with the text of AX-17; full product 400 and identity provider's group 403 (assumptions)";
    DELETE "/rest/api/3/group/user" Write jira::remove_member, DKA "user is not a member: 400 (assumption)";
    POST "/rest/api/3/group" Write jira::create_group, DA "names in use are compared without case (assumption)";
    GET "/rest/api/3/group" Read jira::get_group, D "deprecated";
    DELETE "/rest/api/3/group" Write jira::delete_group, DA "identity provider's group, default groups and those of administrators: 403 (assumption)";
    GET "/rest/api/3/groups/picker" Read jira::groups_picker, D "" anonymous;
    GET "/rest/api/3/applicationrole" Read jira::application_roles, DA "all groups that give a product; without a limit -1 seats (assumption)";
    GET "/rest/api/3/applicationrole/{key}" Read jira::application_role, DA "text of the 404 (assumption)";
    GET "/_edge/tenant_info" Read jira::tenant_info, A "as the knowledge base uses it" anonymous;
    POST "/wiki/rest/api/group/userByGroupId" Write jira::add_wiki_member, TA "Confluence's call; no body in the answer; already a member 201; no seat left 500 [CONFCLOUD-84635]";
}
