/** What Node 20 lacks and a bundled package expects. Import it before that package. */

interface Resolvers<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T | PromiseLike<T>) => void;
  readonly reject: (reason?: unknown) => void;
}

const promises: PromiseConstructor & { withResolvers?: <T>() => Resolvers<T> } = Promise;

// Ink 8 waits for renders with it; Node has it since 22.
promises.withResolvers ??= <T>(): Resolvers<T> => {
  // The executor runs before the constructor returns: both are set.
  let resolve!: Resolvers<T>['resolve'];
  let reject!: Resolvers<T>['reject'];
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
};
