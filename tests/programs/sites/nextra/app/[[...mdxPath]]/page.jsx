import { generateStaticParamsFor, importPage } from "nextra/pages";
import { useMDXComponents } from "../../mdx-components";

export const generateStaticParams = generateStaticParamsFor("mdxPath");

export async function generateMetadata({ params }) {
  return (await importPage((await params).mdxPath)).metadata;
}

export default async function Page(props) {
  const { default: Content, toc, metadata, sourceCode } = await importPage((await props.params).mdxPath);
  const { wrapper: Wrapper } = useMDXComponents();
  return <Wrapper toc={toc} metadata={metadata} sourceCode={sourceCode}><Content {...props} /></Wrapper>;
}
