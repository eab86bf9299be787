package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"simpul"
)

// console is the person at the other end: streams and language.
type console struct {
	stdin  io.Reader
	stdout io.Writer // data
	stderr io.Writer // everything that is said about it
	lang   simpul.Language
}

// newConsole is the console of this process.
func newConsole(args []string, env func(string) string) *console {
	return &console{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, lang: languageOf(args, env)}
}

// languageOf finds the language before the command line is parsed, since the
// parser's errors and the help need it too: --lang, then the environment in the
// order of POSIX (XBD 8.2). A language that Simpul does not speak is Indonesian.
func languageOf(args []string, env func(string) string) simpul.Language {
	for i, arg := range args {
		if arg == "--" {
			break
		}
		if value, ok := strings.CutPrefix(arg, "--lang="); ok {
			return simpul.ParseLanguage(value)
		}
		if arg == "--lang" && i+1 < len(args) {
			return simpul.ParseLanguage(args[i+1])
		}
	}
	for _, name := range []string{"SIMPUL_LANG", "LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := env(name); value != "" {
			tag, _, _ := strings.Cut(value, ".") // en_US.UTF-8
			return simpul.ParseLanguage(strings.ReplaceAll(tag, "_", "-"))
		}
	}
	return simpul.Indonesian
}

// say writes one line about what happened, not data, in the person's language.
func (c *console) say(t simpul.Text) { fmt.Fprintln(c.stderr, printable(t.In(c.lang))) }

// printable replaces what a terminal would act on instead of showing. Lines stay.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}
