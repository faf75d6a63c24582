-- What waits for a step is found without a walk over all of them.

CREATE INDEX steps_needs ON steps (run, needs) WHERE needs IS NOT NULL;
