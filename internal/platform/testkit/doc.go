// Package testkit is what the tests of several rooms share: databases on both
// engines. Only tests, e2e and bench import it.
package testkit
