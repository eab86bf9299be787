// Package feasibility owns the feasibility test (uji kelaikan): the hub tests a
// LID by itself before it is published, and reports what is wrong and what to do.
//
// # What is guaranteed
//
//   - A report is about one subject: address, agency, contract, origin and the
//     credential with which the hub proves itself there. [Subject.Digest] names
//     it; a report of another digest says nothing about this one. Reports are
//     never changed.
//   - A report holds no value of an answer: names of fields, types, statuses,
//     figures, and reference codes. What looks like a NIK is not stored.
//   - A test calls only what is safe: GET, HEAD, OPTIONS, what a contract marks
//     with x-simpul-safe and gives an example for, and anything else at the
//     LID's sandbox, where the origin's credential is never sent.
//   - A test follows no redirect and no reference to the network, reads at most
//     1 MiB of an answer, and ends within 20 seconds, 5 for each call.
//   - Of one LID one test runs at a time in a process, the next begins at least
//     10 seconds later on any, and an agency begins a bounded number in an hour.
//   - A test that is interrupted leaves nothing: reports are stored whole.
//
// report.go has what a test says, subject.go what it is about. document.go reads
// contracts, schema.go validates answers by them, specimen.go makes requests.
// lint*.go look at the contract alone; probe*.go call the origin. tester.go runs
// all of them in order, service.go has the use cases, store.go the SQL, api.go
// the operations, pages.go the screen.
//
// Dependencies: templ, and github.com/santhosh-tekuri/jsonschema/v6, which keeps
// numbers exact and passes the official suite of JSON Schema 2020-12.
package feasibility
