package main

import (
	"context"
	"errors"
	"strings"

	"github.com/alecthomas/kong"

	"simpul"
)

// run carries out one command line and returns the exit status.
func run(ctx context.Context, args []string, con *console) int {
	parser, err := kong.New(new(grammar),
		kong.Name("simpul"),
		kong.NoDefaultHelp(),
		kong.Vars{"lang": string(con.lang)},
		kong.Bind(con),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	if err != nil {
		return con.report(err)
	}
	command, err := parser.Parse(args)
	switch {
	case errors.Is(err, errHelpShown):
		return 0
	case err != nil:
		return con.report(misused(err, con.lang))
	}
	return con.report(command.Run())
}

// misused is a command line that does not fit the grammar.
func misused(err error, lang simpul.Language) error {
	path := "simpul"
	if parse, ok := errors.AsType[*kong.ParseError](err); ok && parse.Context != nil {
		if node := parse.Context.Selected(); node != nil {
			path = node.FullPath()
		}
	}
	what := err.Error()
	if lang == simpul.Indonesian {
		what = inIndonesian().Replace(what)
	}
	return usage(simpul.Invalid("", simpul.Text{ID: what}, text("Jalankan %q untuk melihat caranya.", "Run %q to see how.", path+" --help")))
}

// inIndonesian translates the parser's messages, piece by piece, since it gives
// out no other form of them.
func inIndonesian() *strings.Replacer {
	return strings.NewReplacer(
		"unknown flag ", "pilihan tidak dikenal: ",
		"unexpected argument ", "argumen tidak dikenal: ",
		"unexpected flag argument ", "pilihan ini tidak menerima nilai: ",
		"missing flags: ", "pilihan wajib belum ada: ",
		"missing positional arguments ", "argumen wajib belum ada: ",
		"expected one of ", "perlu salah satu dari ",
		"expected ", "perlu ",
		" must be one of ", " harus salah satu dari ",
		" value but got ", " tetapi mendapat ",
		" but got ", ", bukan ",
		", did you mean one of ", "; mungkin maksud Anda salah satu dari ",
		", did you mean ", "; mungkin maksud Anda ",
	)
}
