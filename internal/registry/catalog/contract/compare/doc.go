// Package compare tells what changes for the consumers of a LID when one contract
// takes the place of another, and whether it breaks them.
//
// The view is that of a program that was written for the former contract and is
// not touched. It calls what was promised, sends what was allowed, and reads what
// was answered. A change breaks if some such program that kept to the former
// contract may fail under the later one.
//
// What breaks:
//
//   - an operation, a successful status, or a media type is gone
//   - a field of an answer is gone, has a type or format that the former did not
//     allow, becomes optional, or becomes nullable; so do the elements of an array
//   - a parameter, a member of a request, or the whole body is new and required,
//     or becomes required
//   - a parameter or member is gone: calls that have it may be refused, and no
//     provider promises to ignore it
//   - a parameter or member takes less than before: another type or format, a
//     shorter list of values, a narrower limit, no null, no further members
//   - a parameter of the path has another name: calls are the same, but grants
//     confine rows by that name
//
// What may surprise, and is a warning:
//
//   - the list of values of an answer grows. New values are what lists of values
//     are for, and the standards of reference codes that this hub keeps grow by
//     law each year, so a consumer has to expect one. A provider that promises
//     otherwise says so with "x-closed-enum": true, or with const; then it breaks.
//   - a limit of an answer widens, such as maxLength: it is seldom read, but a
//     column of somebody's table may be as wide as it was
//
// What does neither: additions, words, whatever takes more in requests or
// promises more in answers. A field that stood without a type and has one now
// promises more in an answer, and takes less in a request.
//
// A path is known by its shape, "/{}/riwayat", a parameter of it by its position;
// header names have no case. Of a body that is JSON in several media types the
// first is compared. Answers of failure are not compared (they are problem
// documents, whatever the contract says), nor are servers, security, links,
// callbacks, examples, and the style in which parameters are written. Below a
// field that the reader cut nothing is known, so nothing is told.
//
// Guarantees: the same two contracts give the same result, in the same order;
// two contracts that say the same give none. Time is linear in the fields that
// the contracts list, and at most [Most] differences of each effect are kept, while
// all are counted.
package compare
