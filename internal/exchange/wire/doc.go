// Package wire speaks HTTP/1.1 (RFC 9112) with origins.
//
// It exists because the standard client hands every exchange between three
// goroutines and two channels, which costs a gateway more than everything else
// that it does. Here the goroutine that makes a call writes the request and
// reads the answer; only a body that streams has a second one while it lasts.
//
// # What is guaranteed
//
//   - A message has the borders that every reader of RFC 9112 sees: an answer
//     with both Content-Length and Transfer-Encoding, with two lengths, a length
//     that is signed, a transfer coding other than chunked, a bare CR or LF, a
//     folded line, or a byte that no field may have is refused and its connection
//     closed. What this package accepts, net/http reads in the same way; a fuzz
//     test holds it to that.
//   - A connection is used again only after an answer that ended where it said,
//     with nothing behind it, and a request that was sent whole.
//   - A request is sent a second time only if nothing of an answer came over a
//     connection that had been idle, the method is idempotent, and its body is at
//     hand.
//   - Whoever waits is let go when the context ends or the origin is silent for
//     too long. Time that the consumer takes is not the origin's silence.
//   - Memory is bounded: heads by [MaxHead], bodies stream.
//
// head.go reads what stands before a body, framing.go says where the body ends,
// body.go and chunk.go read it, request.go writes requests, conn.go and pool.go
// keep connections, client.go makes calls with them.
package wire
