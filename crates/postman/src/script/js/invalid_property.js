// `expect(x).to.equil(1)` is an error: "Invalid Chai property: equil. Did you mean "equal"?". chai makes a
// Proxy of every assertion for it, so of every word of a chain, and each look at a flag goes through one:
// half the time of a short script. Here one Proxy is behind them all, and sees only what none of them has.

const { chai } = sdk;
const { proxify } = chai.util;
let isOn = true;
let isUsed = false;

// chai asks for `useProxy` when it makes an assertion or a method; a script may switch it off.
Object.defineProperty(chai.config, "useProxy", {
  get: () => isOn && isUsed,
  set: (value) => {
    isOn = Boolean(value);
  },
  enumerable: true,
});
const using = (run) => {
  isUsed = true;
  try {
    return run();
  } finally {
    isUsed = false;
  }
};
["addMethod", "overwriteMethod"].forEach((name) => {
  const add = chai.util[name];
  chai.util[name] = (...values) => using(() => add(...values));
});

const missing = new Proxy(Object.prototype, {
  get(target, property, receiver) {
    const isAllowed = typeof property !== "string" || property in target || !isOn
      || receiver.__flags === undefined || chai.config.proxyExcludedKeys.includes(property);
    return isAllowed ? Reflect.get(target, property, receiver) : using(() => proxify(receiver))[property];
  },
});
Object.setPrototypeOf(chai.Assertion.prototype, missing);
// So that an assertion that gets its flags does not ask the Proxy whether it may.
Object.defineProperty(chai.Assertion.prototype, "__flags", { value: undefined, writable: true });
