package replaygate

import "go.temporal.io/sdk/converter"

func (c *watchedConverter) WithSerializationContext(ctx converter.SerializationContext) converter.DataConverter {
	aware, isAware := c.DataConverter.(converter.DataConverterWithSerializationContext)
	if !isAware {
		return c
	}
	return c.watch.over(aware.WithSerializationContext(ctx))
}
