// Package console lets somebody call a LID by hand, as an application of their
// agency, and writes the same call as a program.
//
// # What is guaranteed
//
//   - A call goes through the gateway's own pipeline: grant, limits, contract,
//     evidence. There is no second way to a provider.
//   - It is made as an application of the caller's own agency. Another one is as
//     unknown as one that does not exist.
//   - No credential is made, shown or sent: the call carries who makes it as a
//     value of this process, which no request from outside can hold. Evidence
//     names the person's account as the credential; the audit trail tells who
//     called what, as which application and what for, before the call is made. If
//     that cannot be written down, there is no call.
//   - Addresses from which an application may call hold for the person's browser.
//   - Where personal data may come, the person is told first and says what the
//     call is for. At most 80 lines of an answer are shown, and nothing is kept.
//   - A person makes 30 calls in a minute at most.
//
// subject.go is what can be called, request.go makes a request of what somebody
// entered, service.go calls, pages.go shows, api.go gives programs. The package
// snippet writes them.
package console
