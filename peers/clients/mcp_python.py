"""The official client of the Model Context Protocol: it begins, lists the tools, and calls each as the task says."""

import asyncio
import json
import sys

from mcp import Client, MCPError, StdioServerParameters


async def called(client, name, arguments):
    """What a call says: whether it is an error, and its text."""
    try:
        result = await client.call_tool(name, arguments)
    except MCPError as error:
        return {"refused": str(error)}
    return {"error": result.is_error, "text": "".join(block.text for block in result.content)}


async def main(task):
    """Everything, as one object of JSON."""
    server = StdioServerParameters(command=task["command"][0], args=task["command"][1:], env=task["environment"])
    async with Client(server, mode=task["mode"], read_timeout_seconds=60) as client:
        listed = await client.list_tools()
        tools = [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in listed.tools]
        said = {
            "protocol": client.protocol_version,
            "server": client.server_info and client.server_info.name,
            "tools": tools,
            "calls": [await called(client, name, arguments) for name, arguments in task["calls"]],
        }
    print(json.dumps(said))


asyncio.run(main(json.load(sys.stdin)))
