-- A journal that the program of commit 6f2acbe made: its demonstration, and a plan that waits.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE runs (
        run        INTEGER PRIMARY KEY AUTOINCREMENT,
        job        TEXT NOT NULL,
        state      TEXT NOT NULL,
        site       TEXT NOT NULL,
        organisation TEXT,                  -- for calls of the admin APIs: whose
        profile    TEXT NOT NULL,
        input      TEXT NOT NULL,
        headings   TEXT NOT NULL,           -- JSON array of texts
        options    TEXT NOT NULL,           -- JSON object
        undoes     INTEGER REFERENCES runs,
        created_at TEXT NOT NULL,
        sealed_at  TEXT,
        started_at TEXT,
        ended_at   TEXT,
        stop       TEXT
    ) STRICT;
INSERT INTO runs VALUES(1,'user create','finished','http://127.0.0.1:44043',NULL,'environment','/tmp/demo/create-users.csv','["emailAddress"]','{"by":null,"corrected":null,"exports":[],"groups":null,"map":[],"message":null,"products":null,"users":null,"who":"admin@banc.ly","saw_every_mail":true,"seats_left":{"jira-product-discovery":0}}',NULL,'2026-11-29T09:34:41.88Z','2026-11-29T09:34:41.896Z','2026-11-29T09:34:41.911Z','2026-11-29T09:34:42.005Z',NULL);
INSERT INTO runs VALUES(2,'member add','finished','http://127.0.0.1:44043',NULL,'environment','/tmp/demo/member-add.csv','["Email","Group"]','{"by":null,"corrected":null,"exports":[],"groups":null,"map":[],"message":null,"products":null,"users":null,"who":"admin@banc.ly","seats_left":{"jira-product-discovery":0}}',NULL,'2026-11-29T09:34:42.108Z','2026-11-29T09:34:42.149Z','2026-11-29T09:34:42.156Z','2026-11-29T09:34:42.195Z',NULL);
INSERT INTO runs VALUES(3,'member add','finished','http://127.0.0.1:44043',NULL,'environment','/tmp/demo/member-add.csv','["Email","Group"]','{"by":null,"corrected":null,"exports":[],"groups":null,"map":[],"message":null,"products":null,"users":null,"who":"admin@banc.ly","seats_left":{"jira-product-discovery":0}}',NULL,'2026-11-29T09:34:42.272Z','2026-11-29T09:34:42.316Z','2026-11-29T09:34:42.326Z','2026-11-29T09:34:42.331Z',NULL);
INSERT INTO runs VALUES(4,'user deactivate','finished','http://127.0.0.1:44043','http://127.0.0.1:44043/admin/v1/orgs/0c5a9e1b-7d3f-4c62-9a84-5b1e6f20d7c3','environment','/tmp/demo/deactivate.csv','["User id","User name","email","User status","Added to org","Org role","Last seen in Jira - bancly","Last seen in Confluence - bancly"]','{"by":null,"corrected":null,"exports":[],"groups":null,"map":[],"message":null,"products":null,"users":null,"who":"admin@banc.ly"}',NULL,'2026-11-29T09:34:42.394Z','2026-11-29T09:34:42.435Z','2026-11-29T09:34:42.446Z','2026-11-29T09:34:42.51Z',NULL);
INSERT INTO runs VALUES(5,'user activate','finished','http://127.0.0.1:44043','http://127.0.0.1:44043/admin/v1/orgs/0c5a9e1b-7d3f-4c62-9a84-5b1e6f20d7c3','environment','/tmp/demo/deactivate.csv','["User id","User name","email","User status","Added to org","Org role","Last seen in Jira - bancly","Last seen in Confluence - bancly"]','{"remove_created":false,"rows":null,"who":"admin@banc.ly"}',4,'2026-11-29T09:34:42.631Z','2026-11-29T09:34:42.652Z','2026-11-29T09:34:42.656Z','2026-11-29T09:34:42.663Z',NULL);
INSERT INTO runs VALUES(6,'member remove','planned','sandbox',NULL,'sandbox','member-add.csv','["Email","Group"]','{"by":null,"corrected":null,"exports":[],"groups":null,"map":[],"message":null,"products":null,"users":null,"who":"admin@banc.ly"}',NULL,'2026-11-29T09:34:50.064Z','2026-11-29T09:34:50.084Z',NULL,NULL,NULL);
INSERT INTO runs VALUES(7,'user deactivate','planned','sandbox','sandbox/admin/v1/orgs/0c5a9e1b-7d3f-4c62-9a84-5b1e6f20d7c3','sandbox','deact.csv','["Email"]','{"by":null,"corrected":null,"exports":[],"groups":null,"map":[],"message":null,"products":null,"users":null,"who":"admin@banc.ly"}',NULL,'2026-11-29T09:34:57.099Z','2026-11-29T09:34:57.12Z',NULL,NULL,NULL);
CREATE TABLE rows (
        run     INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
        row     INTEGER NOT NULL,           -- 1 is the first row below the headings
        line    INTEGER NOT NULL,           -- its line in the file
        cells   TEXT NOT NULL,              -- JSON array of texts
        outcome TEXT,                       -- NULL: pending
        reason  TEXT,
        detail  TEXT,
        step    INTEGER,                    -- the step that decided the outcome
        PRIMARY KEY (run, row)
    ) STRICT, WITHOUT ROWID;
INSERT INTO "rows" VALUES(1,1,2,'["mia.krystof@example.com"]','changed','created','created mia.krystof@example.com',1);
INSERT INTO "rows" VALUES(1,2,3,'["noor.haddad@example.com"]','changed','created','created noor.haddad@example.com',2);
INSERT INTO "rows" VALUES(1,3,4,'["tomasz.zielinski@example.com"]','changed','created','created tomasz.zielinski@example.com',3);
INSERT INTO "rows" VALUES(1,4,5,'["aiko.morita@example.com"]','changed','created','created aiko.morita@example.com',4);
INSERT INTO "rows" VALUES(1,5,6,'["o''neil+cloud@example.com"]','changed','created','created o''neil+cloud@example.com',5);
INSERT INTO "rows" VALUES(2,1,2,'["vdillow@banc.ly","oslo-engineering"]','changed','done','added vdillow@banc.ly to oslo-engineering',1);
INSERT INTO "rows" VALUES(2,2,3,'["ftoten2@banc.ly","hanoi-legal"]','changed','done','added ftoten2@banc.ly to hanoi-legal',2);
INSERT INTO "rows" VALUES(2,3,4,'["amelmeth@banc.ly","houston-sales"]','changed','done','added amelmeth@banc.ly to houston-sales',3);
INSERT INTO "rows" VALUES(3,1,2,'["vdillow@banc.ly","oslo-engineering"]','unchanged','already-member','vdillow@banc.ly is a member of oslo-engineering already',NULL);
INSERT INTO "rows" VALUES(3,2,3,'["ftoten2@banc.ly","hanoi-legal"]','unchanged','already-member','ftoten2@banc.ly is a member of hanoi-legal already',NULL);
INSERT INTO "rows" VALUES(3,3,4,'["amelmeth@banc.ly","houston-sales"]','unchanged','already-member','amelmeth@banc.ly is a member of houston-sales already',NULL);
INSERT INTO "rows" VALUES(4,1,2,'["3c5e0172a629xxx061259ed9","Dorice Snapper","dsnapper@banc.ly","Active","3 Jan 2024","","28 Apr 2024","Never accessed"]','changed','done','deactivated dsnapper@banc.ly',1);
INSERT INTO "rows" VALUES(4,2,3,'["6155833c071axxx071ff5b24","Janaye Float","jfloat@banc.ly","Active","3 Jan 2024","","Never accessed","Never accessed"]','changed','done','deactivated jfloat@banc.ly',2);
INSERT INTO "rows" VALUES(5,1,2,'["3c5e0172a629xxx061259ed9","Dorice Snapper","dsnapper@banc.ly","Active","3 Jan 2024","","28 Apr 2024","Never accessed"]','changed','done','reactivated dsnapper@banc.ly',1);
INSERT INTO "rows" VALUES(5,2,3,'["6155833c071axxx071ff5b24","Janaye Float","jfloat@banc.ly","Active","3 Jan 2024","","Never accessed","Never accessed"]','changed','done','reactivated jfloat@banc.ly',2);
INSERT INTO "rows" VALUES(6,1,2,'["vdillow@banc.ly","oslo-engineering"]','unchanged','not-a-member','vdillow@banc.ly is not a member of oslo-engineering already',NULL);
INSERT INTO "rows" VALUES(6,2,3,'["ftoten2@banc.ly","hanoi-legal"]','unchanged','not-a-member','ftoten2@banc.ly is not a member of hanoi-legal already',NULL);
INSERT INTO "rows" VALUES(6,3,4,'["amelmeth@banc.ly","houston-sales"]','unchanged','not-a-member','amelmeth@banc.ly is not a member of houston-sales already',NULL);
INSERT INTO "rows" VALUES(7,1,2,'["vdillow@banc.ly"]',NULL,NULL,NULL,NULL);
INSERT INTO "rows" VALUES(7,2,3,'["ftoten2@banc.ly"]',NULL,NULL,NULL,NULL);
CREATE TABLE steps (
        run          INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
        step         INTEGER NOT NULL,
        row          INTEGER NOT NULL,      -- the first row it serves
        kind         TEXT NOT NULL,
        subject      TEXT NOT NULL,         -- what makes two steps the same
        account      TEXT,
        mail         TEXT,
        name         TEXT,
        group_id     TEXT,
        group_name   TEXT,
        before       TEXT NOT NULL,         -- JSON
        wanted       TEXT NOT NULL,         -- JSON
        needs        INTEGER,               -- a step to be done first
        state        TEXT NOT NULL,
        attempts     INTEGER NOT NULL DEFAULT 0,
        unclear      INTEGER NOT NULL DEFAULT 0, -- sendings that lost their answer
        request      INTEGER,               -- the last request sent for it
        outcome      TEXT,
        reason       TEXT,
        detail       TEXT,
        http_status  INTEGER,
        made_account TEXT,
        settled_at   TEXT,
        PRIMARY KEY (run, step)
    ) STRICT, WITHOUT ROWID;
INSERT INTO steps VALUES(1,1,1,'create-user','mia.krystof@example.com',NULL,'mia.krystof@example.com',NULL,NULL,NULL,'"absent"','{"products":["jira-software"]}',NULL,'settled',1,0,1,'changed','created','created mia.krystof@example.com',201,'712020:734cc084-486b-4f8a-a31e-70a8b2fd3bf2','2026-11-29T09:34:41.954Z');
INSERT INTO steps VALUES(1,2,2,'create-user','noor.haddad@example.com',NULL,'noor.haddad@example.com',NULL,NULL,NULL,'"absent"','{"products":["jira-software"]}',NULL,'settled',1,0,2,'changed','created','created noor.haddad@example.com',201,'712020:01bc2ff1-e098-4892-abb2-5afa72d122d5','2026-11-29T09:34:41.978Z');
INSERT INTO steps VALUES(1,3,3,'create-user','tomasz.zielinski@example.com',NULL,'tomasz.zielinski@example.com',NULL,NULL,NULL,'"absent"','{"products":["jira-software"]}',NULL,'settled',1,0,3,'changed','created','created tomasz.zielinski@example.com',201,'712020:ce5a2b89-0e86-49c8-8966-7d9de8551cce','2026-11-29T09:34:41.982Z');
INSERT INTO steps VALUES(1,4,4,'create-user','aiko.morita@example.com',NULL,'aiko.morita@example.com',NULL,NULL,NULL,'"absent"','{"products":["jira-software"]}',NULL,'settled',1,0,4,'changed','created','created aiko.morita@example.com',201,'712020:54b22f80-5ec3-40a1-bf65-084713d40a0a','2026-11-29T09:34:42.003Z');
INSERT INTO steps VALUES(1,5,5,'create-user','o''neil+cloud@example.com',NULL,'o''neil+cloud@example.com',NULL,NULL,NULL,'"absent"','{"products":["jira-software"]}',NULL,'settled',1,0,5,'changed','created','created o''neil+cloud@example.com',201,'712020:45f969af-5024-4aff-8e17-fe4afb6bb9b2','2026-11-29T09:34:42.003Z');
INSERT INTO steps VALUES(2,1,1,'add-member','e2345d51eaa4xxx984e377ce d6750b14-1aa8-4ab2-xxxx-a6d44016da32','e2345d51eaa4xxx984e377ce','vdillow@banc.ly','Verna Dillow','d6750b14-1aa8-4ab2-xxxx-a6d44016da32','oslo-engineering','{"member":false}','{}',NULL,'settled',1,0,1,'changed','done','added vdillow@banc.ly to oslo-engineering',201,NULL,'2026-11-29T09:34:42.169Z');
INSERT INTO steps VALUES(2,2,2,'add-member','982bfd68520fxxx71daccb32 0b200647-b447-4eaf-xxxx-55ec31a7d4c9','982bfd68520fxxx71daccb32','ftoten2@banc.ly','Florian Toten','0b200647-b447-4eaf-xxxx-55ec31a7d4c9','hanoi-legal','{"member":false}','{}',NULL,'settled',1,0,2,'changed','done','added ftoten2@banc.ly to hanoi-legal',201,NULL,'2026-11-29T09:34:42.187Z');
INSERT INTO steps VALUES(2,3,3,'add-member','7a4b625f3fd5xxx24d741ac7 396fae73-650c-4265-xxxx-9c840897fc68','7a4b625f3fd5xxx24d741ac7','amelmeth@banc.ly','Anissa Melmeth','396fae73-650c-4265-xxxx-9c840897fc68','houston-sales','{"member":false}','{}',NULL,'settled',1,0,3,'changed','done','added amelmeth@banc.ly to houston-sales',201,NULL,'2026-11-29T09:34:42.187Z');
INSERT INTO steps VALUES(4,1,1,'deactivate','3c5e0172a629xxx061259ed9','3c5e0172a629xxx061259ed9','dsnapper@banc.ly','Dorice Snapper',NULL,NULL,'{"status":"active"}','{}',NULL,'settled',1,0,1,'changed','done','deactivated dsnapper@banc.ly',204,NULL,'2026-11-29T09:34:42.47Z');
INSERT INTO steps VALUES(4,2,2,'deactivate','6155833c071axxx071ff5b24','6155833c071axxx071ff5b24','jfloat@banc.ly','Janaye Float',NULL,NULL,'{"status":"active"}','{}',NULL,'settled',1,0,2,'changed','done','deactivated jfloat@banc.ly',204,NULL,'2026-11-29T09:34:42.499Z');
INSERT INTO steps VALUES(5,1,1,'activate','3c5e0172a629xxx061259ed9','3c5e0172a629xxx061259ed9','dsnapper@banc.ly','Dorice Snapper',NULL,NULL,'{"status":"inactive"}','{}',NULL,'settled',1,0,1,'changed','done','reactivated dsnapper@banc.ly',204,NULL,'2026-11-29T09:34:42.66Z');
INSERT INTO steps VALUES(5,2,2,'activate','6155833c071axxx071ff5b24','6155833c071axxx071ff5b24','jfloat@banc.ly','Janaye Float',NULL,NULL,'{"status":"inactive"}','{}',NULL,'settled',1,0,2,'changed','done','reactivated jfloat@banc.ly',204,NULL,'2026-11-29T09:34:42.662Z');
INSERT INTO steps VALUES(7,1,1,'deactivate','e2345d51eaa4xxx984e377ce','e2345d51eaa4xxx984e377ce','vdillow@banc.ly','Verna Dillow',NULL,NULL,'{"status":"active"}','{}',NULL,'pending',0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO steps VALUES(7,2,2,'deactivate','982bfd68520fxxx71daccb32','982bfd68520fxxx71daccb32','ftoten2@banc.ly','Florian Toten',NULL,NULL,'{"status":"active"}','{}',NULL,'pending',0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE serves (
        run  INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
        step INTEGER NOT NULL,
        row  INTEGER NOT NULL,
        PRIMARY KEY (run, step, row)
    ) STRICT, WITHOUT ROWID;
INSERT INTO serves VALUES(1,1,1);
INSERT INTO serves VALUES(1,2,2);
INSERT INTO serves VALUES(1,3,3);
INSERT INTO serves VALUES(1,4,4);
INSERT INTO serves VALUES(1,5,5);
INSERT INTO serves VALUES(2,1,1);
INSERT INTO serves VALUES(2,2,2);
INSERT INTO serves VALUES(2,3,3);
INSERT INTO serves VALUES(4,1,1);
INSERT INTO serves VALUES(4,2,2);
INSERT INTO serves VALUES(5,1,1);
INSERT INTO serves VALUES(5,2,2);
INSERT INTO serves VALUES(7,1,1);
INSERT INTO serves VALUES(7,2,2);
CREATE TABLE requests (
        run      INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
        request  INTEGER NOT NULL,
        step     INTEGER NOT NULL,          -- the first step it carries
        call     TEXT NOT NULL,             -- method and path template
        sent_at  TEXT NOT NULL,
        ended_at TEXT,
        status   INTEGER,
        result   TEXT,
        PRIMARY KEY (run, request)
    ) STRICT, WITHOUT ROWID;
INSERT INTO requests VALUES(1,1,1,'POST /rest/api/3/user','2026-11-29T09:34:41.939Z','2026-11-29T09:34:41.954Z',201,'created');
INSERT INTO requests VALUES(1,2,2,'POST /rest/api/3/user','2026-11-29T09:34:41.96Z','2026-11-29T09:34:41.978Z',201,'created');
INSERT INTO requests VALUES(1,3,3,'POST /rest/api/3/user','2026-11-29T09:34:41.96Z','2026-11-29T09:34:41.982Z',201,'created');
INSERT INTO requests VALUES(1,4,4,'POST /rest/api/3/user','2026-11-29T09:34:41.978Z','2026-11-29T09:34:42.003Z',201,'created');
INSERT INTO requests VALUES(1,5,5,'POST /rest/api/3/user','2026-11-29T09:34:41.982Z','2026-11-29T09:34:42.003Z',201,'created');
INSERT INTO requests VALUES(2,1,1,'POST /rest/api/3/group/user','2026-11-29T09:34:42.159Z','2026-11-29T09:34:42.169Z',201,'done');
INSERT INTO requests VALUES(2,2,2,'POST /rest/api/3/group/user','2026-11-29T09:34:42.179Z','2026-11-29T09:34:42.187Z',201,'done');
INSERT INTO requests VALUES(2,3,3,'POST /rest/api/3/group/user','2026-11-29T09:34:42.179Z','2026-11-29T09:34:42.187Z',201,'done');
INSERT INTO requests VALUES(4,1,1,'POST /users/{account}/manage/lifecycle/disable','2026-11-29T09:34:42.456Z','2026-11-29T09:34:42.47Z',204,'done');
INSERT INTO requests VALUES(4,2,2,'POST /users/{account}/manage/lifecycle/disable','2026-11-29T09:34:42.486Z','2026-11-29T09:34:42.499Z',204,'done');
INSERT INTO requests VALUES(5,1,1,'POST /users/{account}/manage/lifecycle/enable','2026-11-29T09:34:42.656Z','2026-11-29T09:34:42.66Z',204,'done');
INSERT INTO requests VALUES(5,2,2,'POST /users/{account}/manage/lifecycle/enable','2026-11-29T09:34:42.661Z','2026-11-29T09:34:42.662Z',204,'done');
CREATE TABLE draft_names (
        run  INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        PRIMARY KEY (run, kind, name)
    ) STRICT, WITHOUT ROWID;
CREATE TABLE known_accounts (
        run     INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
        account TEXT NOT NULL,
        PRIMARY KEY (run, account)
    ) STRICT, WITHOUT ROWID;
CREATE TABLE waits (
        place TEXT NOT NULL,                -- the address the call goes to
        call  TEXT NOT NULL,                -- method and path template
        until TEXT NOT NULL,                -- whole seconds
        PRIMARY KEY (place, call)
    ) STRICT, WITHOUT ROWID;
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('runs',7);
CREATE UNIQUE INDEX steps_same ON steps (run, kind, subject);
CREATE INDEX serves_row ON serves (run, row, step);
CREATE INDEX steps_needs ON steps (run, needs) WHERE needs IS NOT NULL;
COMMIT;
PRAGMA application_id=1751409524;
PRAGMA user_version=3;
