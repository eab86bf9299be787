package snippet

import (
	"fmt"
	"strings"
)

func php(c Call) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<?php\n$key = getenv('%s');\nif ($key === false || $key === '') {\n    fwrite(STDERR, \"isi dahulu %s dengan kunci API aplikasi Anda\\n\");\n    exit(1);\n}\n\n", KeyVariable, KeyVariable)
	fmt.Fprintf(&b, "$context = stream_context_create(['http' => [\n    'method' => %s,\n    'timeout' => 30,\n    'ignore_errors' => true,\n    'follow_location' => 0,\n    'header' => [\n        'X-API-Key: ' . $key,\n", inPHP(c.Method))
	for _, f := range c.fields() {
		fmt.Fprintf(&b, "        %s,\n", inPHP(f.Name+": "+f.Value))
	}
	b.WriteString("    ],\n")
	if c.Body != "" {
		fmt.Fprintf(&b, "    'content' => %s,\n", inPHP(c.Body))
	}
	fmt.Fprintf(&b, "]]);\n$answer = @file_get_contents(%s, false, $context);\n", inPHP(c.URL))
	b.WriteString(`if ($answer === false) {
    fwrite(STDERR, "gerbang tidak terjangkau\n");
    exit(1);
}
$status = (int) explode(' ', $http_response_header[0])[1];
if ($status >= 300) {
    fwrite(STDERR, implode("\n", $http_response_header) . "\n" . $answer . "\n");
    exit(1);
}
echo $answer, "\n";
`)
	return b.String()
}
