// Package demo is the demo nation: its regions, its agencies, its synthetic
// citizens, and the application of one provider that serves them.
//
// What is real: the administrative division, read from the npm package
// idn-area-data (see [Attribution]), and the names and domains of thirty
// national agencies. What is made up: every citizen, and the domains of the
// regional governments, which follow one rule (see [RegionalAgencies]).
//
// The provider ([Provider]) knows nothing of the hub. It is an HTTP application
// as an agency would run it, and the hub reaches it only over HTTP, by the
// contracts in [Contracts].
package demo
