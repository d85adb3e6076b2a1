package replaygate

import (
	"go/ast"
	"go/parser"
	"go/token"
)

// placeOfParameter is the line of a workflow's argument, counted from 1 behind its context. Without its source it is
// the line that declares the function.
func placeOfParameter(declared place, argument int) place {
	if declared.File == "" {
		return declared
	}
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, declared.File, nil, parser.SkipObjectResolution)
	if err != nil {
		return declared
	}
	found := declared
	ast.Inspect(file, func(node ast.Node) bool {
		var kind *ast.FuncType
		switch function := node.(type) {
		case *ast.FuncDecl:
			kind = function.Type
		case *ast.FuncLit:
			kind = function.Type
		default:
			return true
		}
		if files.Position(kind.Pos()).Line != declared.Line {
			return true
		}
		index := 0
		for _, field := range kind.Params.List {
			index += max1(len(field.Names))
			if index > argument {
				found = place{File: declared.File, Line: files.Position(field.Pos()).Line}
				return false
			}
		}
		return true
	})
	return found
}

func max1(count int) int {
	if count < 1 {
		return 1
	}
	return count
}
