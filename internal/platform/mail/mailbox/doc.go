// Package mailbox is a mail server in this process that keeps what it gets in
// memory and passes nothing on: tests and the demo nation send to it over real
// SMTP and look at what arrived.
//
// It holds the newest messages within a number and a size, so that nobody can
// fill the memory. What arrives is outside input: [Parse] reads it with limits,
// and a message that it cannot read is kept with its fault.
//
// Dependency: github.com/emersion/go-smtp.
package mailbox
