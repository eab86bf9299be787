package signin

import (
	"fmt"
	"image/color"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// quiet is the margin of a QR code that ISO/IEC 18004 asks for, in modules.
const quiet = 4

// qrCode is a QR code as one path of SVG, in modules.
type qrCode struct {
	path string
	size int // of one side, margin included
}

// newQR draws the text. Its size follows the text's length.
func newQR(text string) (qrCode, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return qrCode{}, err
	}
	var path strings.Builder
	side := code.Bounds().Dx()
	for y := range side {
		for x := range side {
			if code.At(x, y) == color.Black {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	return qrCode{path.String(), side + 2*quiet}, nil
}

func (q qrCode) box() string { return fmt.Sprintf("0 0 %d %d", q.size, q.size) }
