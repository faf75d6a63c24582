-- The door of each step. Of an older plan it is what its version is known to have gone through:
-- Jira where it was not bound to an organization. Where a request that was sent says otherwise it
-- stays unknown, and such a step is not sent.

CREATE TABLE doors (
    run   INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    door  INTEGER NOT NULL,
    value TEXT NOT NULL,                -- JSON
    PRIMARY KEY (run, door)
) STRICT, WITHOUT ROWID;
ALTER TABLE steps ADD COLUMN door INTEGER;

CREATE TEMP TABLE bound AS
    SELECT run, site, organisation IS NULL AS by_site, address,
           iif(cut = 0, org, substr(org, 1, cut - 1)) AS org,
           iif(cut = 0, NULL, substr(org, cut + length('/directories/'))) AS directory
    FROM (SELECT *, instr(org, '/directories/') AS cut
          FROM (SELECT *, substr(organisation, 1, at - 1) AS address,
                       substr(organisation, at + length('/admin/v1/orgs/')) AS org
                FROM (SELECT *, instr(organisation, '/admin/v1/orgs/') AS at FROM runs)));
CREATE TEMP TABLE ways AS
    SELECT run, 'jira' AS api, json_object('api', 'jira', 'site', site) AS value
    FROM bound WHERE by_site AND instr(site, '/admin/v1/orgs/') = 0
    UNION ALL
    SELECT run, 'directory', json_object('api', 'directory', 'address', address,
                                         'organization', org, 'directory', directory)
    FROM bound WHERE address <> '' AND org <> '' AND directory <> ''
    UNION ALL
    SELECT run, api, json_object('api', api, 'address', address, 'organization', org)
    FROM bound JOIN (SELECT 'invitations' AS api UNION ALL SELECT 'accounts')
    WHERE address <> '' AND org <> '' AND directory IS NULL;
CREATE TEMP TABLE kinds AS
    SELECT column1 AS kind, column2 AS api FROM (VALUES
        ('create-user', 'jira'), ('invite-user', 'invitations'),
        ('remove-user', 'jira'), ('remove-user', 'directory'),
        ('add-member', 'jira'), ('add-member', 'directory'),
        ('remove-member', 'jira'), ('remove-member', 'directory'),
        ('deactivate', 'accounts'), ('activate', 'accounts'),
        ('suspend', 'directory'), ('restore', 'directory'),
        ('create-group', 'jira'), ('create-group', 'directory'),
        ('remove-group', 'jira'), ('remove-group', 'directory'));
CREATE TEMP TABLE sent AS
    SELECT requests.run, requests.step, CASE
            WHEN instr(call, ' /rest/api/3/') > 0 THEN 'jira'
            WHEN instr(call, ' /admin/v2/orgs/{org}/directories/') > 0 THEN 'directory'
            WHEN instr(call, ' /admin/v2/orgs/{org}/users/invite') > 0 THEN 'invitations'
            WHEN instr(call, ' /users/{account}/manage') > 0 THEN 'accounts'
            ELSE '' END AS api
    FROM requests;

INSERT INTO doors (run, door, value)
    SELECT run, row_number() OVER (PARTITION BY run), value FROM ways
    WHERE EXISTS (SELECT 1 FROM steps JOIN kinds USING (kind)
                  WHERE steps.run = ways.run AND kinds.api = ways.api);
UPDATE steps SET door = (
    SELECT doors.door FROM doors JOIN kinds
    ON kinds.kind = steps.kind AND kinds.api = json_extract(doors.value, '$.api')
    WHERE doors.run = steps.run);
CREATE TEMP TABLE otherwise AS
    SELECT sent.run, sent.step FROM sent JOIN steps USING (run, step)
    LEFT JOIN doors ON doors.run = steps.run AND doors.door = steps.door
    WHERE json_extract(doors.value, '$.api') IS NOT sent.api;
UPDATE steps SET door = NULL WHERE (run, step) IN (SELECT run, step FROM otherwise);
UPDATE steps SET door = NULL
    WHERE state <> 'settled' AND run IN (SELECT run FROM otherwise);

DROP TABLE otherwise;
DROP TABLE sent;
DROP TABLE kinds;
DROP TABLE ways;
DROP TABLE bound;
