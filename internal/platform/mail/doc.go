// Package mail is the door to e-mail: it sends one message over SMTP (RFC 5321)
// to the relay that the operator names.
//
// The connection is encrypted by STARTTLS or from its beginning; only a relay on
// this machine may be reached without. A message is plain text with the same
// words as simple HTML, without images, and says that a program wrote it
// (Auto-Submitted, RFC 3834). Nothing that somebody enters can add a header
// field or a recipient.
//
// Errors say by their code whether to try again: [simpul.CodeInvalid] the
// message will never be taken; [simpul.CodeLimited] not now (a reply 4xx);
// [simpul.CodeUnavailable] and [simpul.CodeUnauthenticated] the relay serves
// nobody now. Their texts name no address.
//
// mailbox, below, is a receiver in this process, for tests and the demo nation.
//
// Dependency: github.com/wneessen/go-mail.
package mail
