// Builds small collections.

export const schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";

export const script = (listen, text) => ({ listen, script: { type: "text/javascript", exec: text.split("\n") } });

// A request: `pre` and `test` are scripts.
export const item = (name, request, { pre, test, ...more } = {}) => ({
  name,
  request: typeof request === "string" ? { method: "GET", url: request } : request,
  event: [...(pre ? [script("prerequest", pre)] : []), ...(test ? [script("test", test)] : [])],
  ...more,
});

export const collection = (items, more = {}) => ({ info: { name: "c", schema }, item: items, ...more });

export const environment = (values) => ({
  name: "e",
  values: Object.entries(values).map(([key, value]) => ({ key, value, enabled: true })),
});

export const one = (name, request, more = {}) => {
  const { scripts, ...rest } = more;
  return { name, collection: collection([item("r", request, scripts)]), ...rest };
};
