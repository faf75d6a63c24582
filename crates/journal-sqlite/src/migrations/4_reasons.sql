-- Reasons have their final words.

CREATE TEMP TABLE renamed (old TEXT PRIMARY KEY, new TEXT NOT NULL);
INSERT INTO renamed VALUES
    ('oneself', 'own-account'), ('odd-answer', 'unexpected-response'),
    ('not-reached', 'earlier-step-not-done'), ('answer-lost', 'no-response'),
    ('done-answer-lost', 'done-no-response'), ('bad-row', 'unreadable-row'),
    ('not-seen', 'not-verified');
UPDATE rows SET reason = (SELECT new FROM renamed WHERE old = reason)
 WHERE reason IN (SELECT old FROM renamed);
UPDATE steps SET reason = (SELECT new FROM renamed WHERE old = reason)
 WHERE reason IN (SELECT old FROM renamed);
DROP TABLE renamed;
