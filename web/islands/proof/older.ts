// Browsers from before 2022 lack Object.hasOwn, which the libraries call.
if (!Object.hasOwn) Object.hasOwn = (of: object, name: PropertyKey) => Object.prototype.hasOwnProperty.call(of, name);
