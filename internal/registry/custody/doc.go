// Package custody gives the hub's own keys out for safekeeping: encrypted to a
// recipient that the proposer names (age, https://age-encryption.org/v1), after
// a second person has approved, to the proposer, once, within 24 hours.
//
// The keys are encrypted in the transaction of the approval and never stored in
// clear. What is kept afterwards is that it happened.
package custody
