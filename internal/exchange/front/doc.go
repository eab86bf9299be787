// Package front answers consumers in HTTP/1.1 (RFC 9112), and knows nothing of
// the hub.
//
// It exists because the standard server starts a goroutine and moves two timers
// for every request in order to notice a consumer who hangs up, and reads heads
// more leniently than a gateway should. Here one goroutine serves a connection;
// a lookout glances, a few times in a second, at those whose answer takes longer.
// What negotiates HTTP/2 is handed to the standard server.
//
// # What is guaranteed
//
//   - A request has the borders that every reader of RFC 9112 sees: one with both
//     Content-Length and Transfer-Encoding, two lengths, a length that is signed,
//     a transfer coding other than chunked, a bare CR or LF, a folded line, white
//     space before a colon, no Host or two, or a byte that no field may have is
//     refused and its connection closed. What this package accepts, net/http reads
//     in the same way; a fuzz test holds it to that.
//   - Nothing follows on a connection whose request was not read to its end, nor
//     one whose answer did not come to its own.
//   - An answer has one length: Content-Length, chunks, or the connection's end.
//   - A request's context ends when its handler returns or its consumer is gone.
//   - Memory is bounded: heads by [Server.MaxHead], bodies stream, and requests that
//     come before the last answer was taken stay with their sender.
//   - Nobody waits for ever: a head, a body and each write have a time, which a
//     handler may set otherwise for its own request. Idle connections keep nobody
//     out: where there are as many as may be, those of the longest rest end.
//
// head.go reads what stands before a body, body.go the body, answer.go and
// framing.go write, conn.go serves a connection, lookout.go notices who is gone,
// room.go makes room for who comes, server.go listens and stops.
package front
