package telemetry

import (
	"io"
	"log/slog"

	"simpul"
)

// NewLogger returns a logger. Level is debug, info, warn or error; format is
// text or json.
func NewLogger(w io.Writer, level, format string) (*slog.Logger, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		return nil, simpul.Invalid("log.level",
			simpul.Text{ID: "Tingkat log \"" + level + "\" tidak dikenal.", EN: "Log level \"" + level + "\" is unknown."},
			simpul.Text{ID: "Pilih debug, info, warn, atau error.", EN: "Choose debug, info, warn or error."})
	}
	options := &slog.HandlerOptions{Level: l}
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(w, options)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, options)), nil
	}
	return nil, simpul.Invalid("log.format",
		simpul.Text{ID: "Bentuk log \"" + format + "\" tidak dikenal.", EN: "Log format \"" + format + "\" is unknown."},
		simpul.Text{ID: "Pilih text atau json.", EN: "Choose text or json."})
}
