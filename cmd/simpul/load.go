package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"simpul"
	"simpul/internal/platform/resource"
)

// fileFlags name the files of apply and diff. A shell that expands
// "-f dir/*.yaml" leaves all but the first as arguments.
type fileFlags struct {
	File  []string `short:"f" sep:"none" placeholder:"FILE" help:"Berkas YAML atau JSON, direktori, atau - untuk masukan standar; boleh diulang." en:"YAML or JSON file, directory, or - for standard input; may be repeated."`
	Files []string `arg:"" optional:"" name:"file" help:"Berkas lain." en:"More files."`
}

// load reads and checks every file before anything is done with one. The
// documents come in the order in which they can be applied; the error joins the
// faults of all files.
func (f fileFlags) load(con *console) ([]resource.Document, error) {
	names := append(f.File, f.Files...)
	if len(names) == 0 {
		return nil, usage(simpul.Invalid("",
			text("Belum ada berkas yang disebut.", "No file is named."),
			text("Sebutkan dengan -f BERKAS; - membaca masukan standar.", "Name one with -f FILE; - reads standard input.")))
	}
	var docs []resource.Document
	var faults []error
	for _, name := range names {
		read, err := loadNamed(con, name)
		docs, faults = append(docs, read...), append(faults, err)
	}
	faults = append(faults, resource.Distinct(docs))
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return resource.InOrder(docs), nil
}

func loadNamed(con *console, name string) ([]resource.Document, error) {
	if name == "-" {
		return loadFrom("<stdin>", con.stdin)
	}
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, unreadable(name, err)
	case info.IsDir():
		return loadDirectory(con, name)
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, unreadable(name, err)
	}
	defer file.Close()
	return loadFrom(name, file)
}

func loadFrom(name string, r io.Reader) ([]resource.Document, error) {
	docs, err := resource.Read(name, r)
	if _, broken := errors.AsType[*fs.PathError](err); broken {
		return nil, unreadable(name, err)
	}
	return docs, err
}

// loadDirectory reads the YAML files directly within a directory, by name.
func loadDirectory(con *console, directory string) ([]resource.Document, error) {
	entries, err := os.ReadDir(directory) // sorted by name
	if err != nil {
		return nil, unreadable(directory, err)
	}
	var docs []resource.Document
	var faults []error
	found := false
	for _, entry := range entries {
		if extension := filepath.Ext(entry.Name()); entry.IsDir() || extension != ".yaml" && extension != ".yml" {
			continue
		}
		found = true
		read, err := loadNamed(con, filepath.Join(directory, entry.Name()))
		docs, faults = append(docs, read...), append(faults, err)
	}
	if !found {
		return nil, simpul.Invalid(directory,
			text("Tidak ada berkas .yaml di direktori ini.", "There is no .yaml file in this directory."),
			text("Sebutkan direktori yang berisi berkas sumber daya, atau berkasnya sendiri.", "Name the directory that holds the resource files, or the files themselves."))
	}
	return docs, errors.Join(faults...)
}

func unreadable(name string, err error) error {
	cause := err
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		cause = path.Err
	}
	return &simpul.Error{
		Code: simpul.CodeInvalid, Place: name, Err: err,
		Message: text("Berkas tidak dapat dibaca (%v).", "The file cannot be read (%v).", cause),
		Remedy:  text("Periksa nama dan hak aksesnya.", "Check its name and permissions."),
	}
}
