package httpapi

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// Upload is the body of an operation that takes a file. An input embeds it, and
// its operation says Upload. The file waits on disk, not in memory, while it is
// read; it is gone when the handler returns.
type Upload struct{ body io.Reader }

// Resolve takes the body from the request.
func (u *Upload) Resolve(ctx huma.Context) []error {
	u.body = ctx.BodyReader()
	return nil
}

// File is the body, to be read once.
func (u *Upload) File() io.Reader { return u.body }

// uploadBody describes the body of an upload; nil for any other operation.
func (op Operation) uploadBody() *huma.RequestBody {
	if !op.Upload {
		return nil
	}
	return &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}}
}

// spool writes the body to a file that has no name any more, so that nothing is
// left of it whatever happens.
func spool(ctx huma.Context, op Operation, limit int64) (whole huma.Context, release func(), err error) {
	file, err := os.CreateTemp("", "simpul-upload-")
	if err != nil {
		return nil, nil, fmt.Errorf("receive a file: %w", err)
	}
	defer func() {
		if whole == nil {
			file.Close()
		}
	}()
	if err := os.Remove(file.Name()); err != nil {
		return nil, nil, fmt.Errorf("receive a file: %w", err)
	}
	_, w := humago.Unwrap(ctx)
	// The answer may come as late as the body, and after the work on it. A server
	// that cannot set it has no such bound.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(2 * patience(limit)))
	source := &watched{Reader: io.LimitReader(ctx.BodyReader(), limit+1)}
	n, err := io.Copy(file, source)
	switch {
	case n > limit:
		return nil, nil, tooLarge(limit, op.Split)
	case source.err != nil:
		return nil, nil, brokenBody(source.err)
	case err != nil:
		return nil, nil, fmt.Errorf("receive a file: %w", err)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, nil, fmt.Errorf("receive a file: %w", err)
	}
	return received{ctx, file}, func() { file.Close() }, nil
}

// watched remembers why reading failed, so that a full disk is not taken for a
// fault of the sender.
type watched struct {
	io.Reader
	err error
}

// Read reads on.
func (w *watched) Read(b []byte) (int, error) {
	n, err := w.Reader.Read(b)
	if err != nil && err != io.EOF {
		w.err = err
	}
	return n, err
}
