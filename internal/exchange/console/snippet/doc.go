// Package snippet writes one call as a program: for a shell with curl, in Go,
// Python, PHP, Java and JavaScript, each with what its language brings along.
//
// A program does what the call says, whatever the values hold: they stand in it
// as literals of its language, and nothing of them is read as code. The key never
// stands in it; it comes from the environment variable [KeyVariable]. A program
// ends with a status other than 0, and says what the hub answered, where the call
// was refused.
//
// language.go lists the languages and their literals, the other files have a
// program each.
package snippet
